import { render } from "preact";
import { enter } from "./api";
import { App } from "./app";
import { refreshRoute } from "./router";

const start = await enter().catch(() => false);
refreshRoute();
const top = document.getElementById("app");
if (top) render(<App start={start} />, top);
