/**
 * Ask again and again, a while after each answer; wait longer and longer while asking fails.
 *
 * `ask()` loads and returns what `show(answer)` draws; `failed(error)` returns true to go on asking.
 */
export class Poll {
  #round = 0;
  #timer = 0;

  constructor({ ask, show, failed = () => true, everyMs }) {
    this.ask = ask;
    this.show = show;
    this.failed = failed;
    this.everyMs = everyMs;
  }

  /** Ask now and from now on. */
  start() {
    this.stop();
    this.#turn(this.#round, this.everyMs);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#round += 1; // an answer that is still on its way belongs to an old round
  }

  async #turn(round, waitMs) {
    let next = this.everyMs;
    try {
      const answer = await this.ask();
      if (round === this.#round) this.show(answer);
    } catch (error) {
      next = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      if (round === this.#round && !this.failed(error)) return;
    }
    if (round === this.#round) this.#timer = setTimeout(() => this.#turn(round, next), next);
  }
}

const LONGEST_WAIT_MS = 15_000;
