/** What the doctor finds when it is asked, with what to do about it. */

import { byId, element } from "./element";
import type { Finding } from "./protocol";
import { wording } from "./wording";

/** How long it may take before it may be asked again: a broker that is gone takes a few seconds. */
const PATIENCE = 20;

export class Examination {
  private readonly button = byId("examine", HTMLButtonElement);
  private readonly list = byId("findings", HTMLUListElement);
  private timer = 0;

  /** @param ask begins it; what is found comes by way of `show`, or why it is not, by `giveUp`. */
  constructor(ask: () => void) {
    this.button.addEventListener("click", () => {
      this.wait(true);
      this.timer = window.setTimeout(() => this.giveUp(), PATIENCE * 1000);
      ask();
    });
  }

  show(findings: Finding[]): void {
    this.giveUp();
    // First what there is to do something about.
    this.list.replaceChildren(...[...findings.filter(isIll), ...findings.filter((each) => !isIll(each))].map(item));
  }

  giveUp(): void {
    window.clearTimeout(this.timer);
    this.wait(false);
  }

  private wait(isGoingOn: boolean): void {
    this.button.disabled = isGoingOn;
    this.button.textContent = isGoingOn ? "Looking …" : "Look at everything";
  }
}

function isIll({ verdict }: Finding): boolean {
  return verdict === "missing" || verdict === "could be better";
}

function item(finding: Finding): HTMLElement {
  return element(
    "li",
    { class: isIll(finding) ? "ill" : "well" },
    element("h4", {}, finding.name, element("span", {}, finding.verdict)),
    element("p", {}, ...wording(finding.value)),
    ...finding.remedies.map((remedy) => element("p", { class: "remedy" }, ...wording(remedy))),
  );
}
