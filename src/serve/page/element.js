// Elements from text. Nothing that a user wrote is ever read as HTML.

/** An element with properties and children, which are elements or text. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

/** 0.9527 as "95 %"; what is not certain is not 100 %. */
export function percent(probability) {
  const rounded = Math.round(probability * 100);
  if (rounded === 100 && probability < 1) return ">99 %";
  return rounded === 0 && probability > 0 ? "<1 %" : `${rounded} %`;
}

/** Hands a file to the user. */
export function save(name, media, content) {
  const address = URL.createObjectURL(new Blob([content], { type: media }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
