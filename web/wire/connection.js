// The WebSocket of a run: it comes back by itself when the network drops it.

import { decode } from "./message.js";

const RETRIES = [200, 500, 1000, 2000, 4000, 8000];

export class Connection {
  /** @type {WebSocket} */ socket;
  /** @type {ReturnType<typeof setTimeout>} */ timer;

  /** callbacks: onOpen(), onMessage({header, arrays}), onTrouble(sentence or "" once it is well again). */
  constructor(url, callbacks) {
    this.url = url;
    this.callbacks = callbacks;
    this.failures = 0;
    this.closed = false;
    this.connect();
  }

  connect() {
    const socket = (this.socket = new WebSocket(this.url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.failures = 0;
      this.callbacks.onTrouble("");
      this.callbacks.onOpen();
    };
    socket.onmessage = (event) => this.callbacks.onMessage(decode(event.data));
    socket.onclose = (event) => {
      if (this.closed || socket !== this.socket) return;
      if (event.code === 4503) {
        this.callbacks.onTrouble("The server is running as many networks as it can. Try again in a minute.");
      } else if (this.failures >= RETRIES.length - 1) {
        this.callbacks.onTrouble("The connection to the server is lost. Reload the page; its link keeps your settings.");
      } else if (this.failures > 0) {
        this.callbacks.onTrouble("The connection to the server was lost. Trying again …");
      }
      this.timer = setTimeout(() => this.connect(), RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
      this.failures += 1;
    };
  }

  /** @param {Record<string, any>} command
   * @returns {boolean} */
  send(command) {
    const open = this.socket.readyState === WebSocket.OPEN;
    if (open) this.socket.send(JSON.stringify(command));
    return open;
  }

  /** Hang up and call again: a run whose process has died gets a new one. */
  reopen() {
    clearTimeout(this.timer);
    const old = this.socket;
    this.connect();
    old.close();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}
