import { i18n } from "@lingui/core";
import { Link } from "react-router";

/** Back to where the rooms are; looks like the button it stands for. */
export function HomeLink() {
  return (
    <Link to="/" className="home-link">
      {i18n.t("Go to your rooms")}
    </Link>
  );
}
