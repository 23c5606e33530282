/** A field that is as high as its text, up to the height that its style allows. */
export function grow(field) {
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  field.addEventListener("input", fit);
  requestAnimationFrame(fit);
  return fit;
}
