import { describe, expect, it } from "@jest/globals";
import { pictureBox } from "./picture-box.js";

describe("the room that a picture gets", () => {
  it("has the picture’s shape, is never too large, and never larger than the picture", () => {
    expect(pictureBox(1_280, 800)).toEqual({ width: 360, height: 225 });
    expect(pictureBox(800, 1_600)).toEqual({ width: 150, height: 300 });
    expect(pictureBox(64, 48)).toEqual({ width: 64, height: 48 });
  });

  it("is as wide as a narrow window allows", () => {
    expect(pictureBox(1_280, 800, 320)).toEqual({ width: 320, height: 200 });
  });

  it("can be pointed at, however thin the picture is", () => {
    expect(pictureBox(3_000, 2)).toEqual({ width: 360, height: 40 });
  });
});
