// Frames that have come and wait to be drawn: one each time the screen is, so that two at once and none later look even.
// For each that was taken in, the run gets a credit back once it is drawn: it may send another.

/** @import { Message } from "./host.d.ts" */

export class WaitingFrames {
  /** @type {Message[]} */ messages = [];
  owed = 0;

  /** @param {{apply(message: Message): unknown}} run */
  constructor(run) {
    this.run = run;
  }

  /** What the person asked for overtakes what was on its way before.
   * @param {Message} message */
  push(message) {
    if (message.header.probe) this.all();
    this.messages.push(message);
  }

  /** Take in the next frame; says whether there are more. */
  next() {
    const message = this.messages.shift();
    if (message) {
      this.run.apply(message);
      this.owed += 1;
    }
    return this.messages.length > 0;
  }

  /** Take in all: what comes now is about something later. */
  all() {
    while (this.next());
  }

  /** Give the credits back; `send` takes a command.
   * @param {(command: Record<string, any>) => void} send */
  settle(send) {
    for (; this.owed > 0; this.owed--) send({ op: "credit" });
  }
}
