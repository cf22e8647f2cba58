import { avatar } from "../chat/avatar.js";

/** Draw a person's small picture, for lists. */
export function face(person) {
  return avatar(person, { small: true });
}
