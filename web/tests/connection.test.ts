import { beforeEach, describe, expect, test } from "vitest";
import { Connection } from "../src/connection";
import type { FromDaemon } from "../src/protocol";

/** A socket whose other end is the test. */
class Line {
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | undefined;
  onmessage: ((message: { data: string }) => void) | undefined;
  onclose: (() => void) | undefined;

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  tell(message: FromDaemon): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

/** A world without time: the test says what time it is. */
class Scene {
  now = 0;
  lines: Line[] = [];
  heard: string[] = [];
  private waiting: { at: number; action: () => void }[] = [];

  readonly connection = new Connection(
    {
      told: (message) => this.heard.push(message.type),
      line: (there, again) => this.heard.push(there ? "there" : `gone, again in ${again}`),
    },
    {
      open: () => {
        this.lines.push(new Line());
        return this.line as unknown as WebSocket;
      },
      now: () => this.now,
      after: (seconds, action) => {
        const entry = { at: this.now + seconds, action };
        this.waiting.push(entry);
        return () => (this.waiting = this.waiting.filter((each) => each !== entry));
      },
    },
  );

  get line(): Line {
    return this.lines.at(-1)!;
  }

  wait(seconds: number): void {
    const until = this.now + seconds;
    for (;;) {
      const next = this.waiting.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.waiting.shift();
      this.now = next.at;
      next.action();
    }
    this.now = until;
  }
}

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
  scene.connection.open();
});

describe("a line that breaks", () => {
  test("is told of, and opened again after pauses that grow", () => {
    scene.line.accept();
    scene.line.close();
    expect(scene.heard).toEqual(["there", "gone, again in 0.5"]);
    scene.wait(0.5);
    scene.line.close();
    scene.wait(1);
    expect(scene.lines).toHaveLength(3);
    scene.line.accept();
    expect(scene.heard.slice(2)).toEqual(["gone, again in 1", "there"]);
  });

  test("answers what was asked with a sentence", async () => {
    scene.line.accept();
    const asked = scene.connection.ask({ type: "keep", seconds: 120 });
    scene.line.close();
    await expect(asked).rejects.toThrow("went away");
  });

  test("takes nothing that is played", () => {
    scene.connection.say({ type: "press", pitch: 60, velocity: 80 });
    expect(scene.line.sent).toEqual([]);
  });

  test("is noticed by its silence where nobody closes it", () => {
    scene.line.accept();
    scene.wait(3);
    scene.line.tell({ type: "error", text: "" });
    scene.wait(5.5);
    expect(scene.heard).toEqual(["there", "error"]);
    scene.wait(1);
    expect(scene.heard.at(-1)).toBe("gone, again in 0.5");
  });
});

describe("what is asked", () => {
  test("has its own outcome, whichever comes first", async () => {
    scene.line.accept();
    const one = scene.connection.ask({ type: "keep", seconds: 1 });
    const two = scene.connection.ask({ type: "keep", seconds: 2 });
    const [first, second] = scene.line.sent.filter((each) => each.type === "keep").map((each) => each.id as number);
    scene.line.tell({ type: "outcome", id: second!, error: "there is nothing to keep" });
    scene.line.tell({ type: "outcome", id: first!, session: "7" });
    await expect(two).rejects.toThrow("there is nothing to keep");
    expect((await one).session).toBe("7");
  });
});

test("the daemon's clock is asked for until it is known well", () => {
  scene.line.accept();
  scene.wait(0);
  const asked = scene.line.sent.find((each) => each.type === "clock")!;
  scene.now += 0.02;
  scene.line.tell({ type: "clock", id: asked.id as number, now: 1000 });
  expect(scene.connection.clock.toPage(1001)).toBeCloseTo(1.01);
});
