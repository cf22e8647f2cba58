/** Make a textarea as high as its text; the style sheet says where that ends. */
export function grow(textarea) {
  if (!textarea.isConnected) return;
  textarea.style.height = "auto";
  textarea.style.height = `${textarea.scrollHeight}px`;
}
