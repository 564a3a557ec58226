import { Link } from "react-router";

/** Back to where the rooms are; looks like the button it stands for. */
export function HomeLink() {
  return (
    <Link to="/" className="home-link">
      Go to your rooms
    </Link>
  );
}
