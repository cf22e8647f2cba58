/**
 * Split "a red fox size: 1280x720" into `[{name, text}]` by the names of options; a text that stands before the
 * first name belongs to the first option.
 */
export function assign(line, options) {
  const marks = [...line.matchAll(MARK)].filter((mark) => called(mark[1], options));
  const given = marks.map((mark, index) => ({
    name: called(mark[1], options).name,
    text: line.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim(),
  }));
  const before = line.slice(0, marks[0]?.index).trim();
  if (before && options.length > 0) given.unshift({ name: options[0].name, text: before });
  return given;
}

/** The option whose name and colon end a text, and the text without them; or null. */
export function trailing(text, options) {
  const mark = /(?:^|\s)([^\s:]+):$/u.exec(text);
  const option = mark && called(mark[1], options);
  return option ? { option, text: text.slice(0, mark.index) } : null;
}

function called(name, options) {
  return options.find((option) => option.name === name || option.label === name);
}

const MARK = /(?:^|\s)([^\s:]+):/gu;
