import { ThemeButton } from "./shell/theme.js";
import { Acting } from "./core/acting.js";
import { Control, Refusal } from "./core/control.js";
import { World } from "./core/world.js";
import { Page } from "./page.js";

const base = new URL("control/", document.baseURI);
const control = new Control(base);
const world = new World(control);
const page = new Page({ base, control, world, acting: new Acting(control, world), theme: new ThemeButton() });

try {
  await page.start(document.querySelector("#app"));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  document.querySelector("#app").textContent = error.message;
}
