/** What the sandbox refused, in its own sentence. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The control API, which scripts use too: JSON in, JSON out. */
export class Control {
  constructor(base) {
    this.base = base;
  }

  get(path, query) {
    return this.#ask("GET", path, { query });
  }

  post(path, body = {}) {
    return this.#ask("POST", path, { body });
  }

  delete(path, { query, body } = {}) {
    return this.#ask("DELETE", path, { query, body });
  }

  async #ask(method, path, { query = {}, body } = {}) {
    const url = new URL(path, this.base);
    for (const [key, value] of Object.entries(query)) if (value != null) url.searchParams.set(key, value);
    let reply;
    try {
      reply = await fetch(url, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      throw new Refusal("The sandbox does not answer. Is it still running?", 0);
    }
    const answer = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Refusal(answer.error ?? `The sandbox answered ${reply.status}.`, reply.status);
    return answer;
  }
}

const PATIENCE_MS = 60_000;
