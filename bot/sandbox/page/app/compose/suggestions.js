/** Suggestions asked from the bot as one types: not at every key, and only the newest question's answer counts. */
export class Suggestions {
  #ask;
  #timer = 0;
  #question = 0;

  /** `ask(value)` resolves to choices, or to null when the bot did not answer. */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Ask for a value after a moment without another one. */
  want(value, onanswer) {
    this.forget();
    const question = this.#question;
    this.#timer = setTimeout(async () => {
      const choices = await this.#ask(value);
      if (question === this.#question) onanswer(choices);
    }, MOMENT_MS);
  }

  /** No answer counts any more. */
  forget() {
    clearTimeout(this.#timer);
    this.#question += 1;
  }
}

const MOMENT_MS = 150;
