/** Where this tab was: its member and channel, kept over a reload but not shared with other tabs. */
export class Place {
  recall() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }

  keep(userId, channelId) {
    sessionStorage.setItem(KEY, JSON.stringify({ userId, channelId }));
  }
}

const KEY = "place";
