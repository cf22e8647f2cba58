/**
 * The live feed of one member's view: `onevent(name, data)` for each thing that happens, `onstate(connected)` at
 * every change. It connects again by itself; after a gap the listener has to load anew.
 */
export class Feed {
  #socket = null;
  #wait = FIRST_WAIT_MS;
  #timer = 0;

  constructor(base, { onevent, onstate }) {
    this.base = base;
    this.onevent = onevent;
    this.onstate = onstate;
  }

  /** Watch as this member; `hood` adds what goes on between the bot and Discord. */
  open(userId, { hood = false } = {}) {
    this.close();
    const url = new URL("socket", this.base);
    url.protocol = "ws:";
    url.searchParams.set("user_id", userId);
    if (hood) url.searchParams.set("hood", "1");
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = FIRST_WAIT_MS;
      this.onstate(true);
    };
    socket.onmessage = (frame) => {
      const { event, data } = JSON.parse(frame.data);
      this.onevent(event, data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.onstate(false);
      this.#timer = setTimeout(() => this.open(userId, { hood }), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    };
  }

  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;
