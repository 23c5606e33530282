/** The control address: questions, acts and refusals. */

const BASE = "/control/";

/** The control address did not do it. `code` is for programs, the message is a sentence for people. */
export class Refused extends Error {
  constructor(code, told) {
    super(told);
    this.code = code;
    this.told = told;
  }
}

export const AWAY = "away";

/**
 * Ask for something.
 *
 * @param {string} path below /control, such as "clock"
 * @returns {Promise<object>} the answer, which said ok
 * @throws {Refused} with the code `away` when nobody answers
 */
export const ask = (path) => call("GET", path);

/** Tell something; `body` goes as JSON, or as a form with files. Answers and throws as `ask` does. */
export const send = (path, body = {}) => call("POST", path, body);

/** Something that a person does; arguments that are undefined are not sent. */
export const act = (person, name, given = {}) => send(`people/${encodeURIComponent(person)}/${name}`, given);

/** Share one file, with a comment. */
export const upload = (person, file, given = {}) => sendFile(person, "uploads", file, given);

/** Choose a file for a form's field; the answer has its id. */
export const attach = (person, file) => sendFile(person, "attaches", file);

function sendFile(person, name, file, given = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(given)) if (value) form.append(name, value);
  form.append("file", file, file.name || "file");
  return send(`people/${encodeURIComponent(person)}/${name}`, form);
}

/** Where the live stream of what a person sees begins. */
export const liveAddress = (person, after) => `${BASE}live?as=${encodeURIComponent(person)}&after=${after}`;

async function call(method, path, body) {
  const form = body instanceof FormData;
  let answer;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers: body && !form ? { "Content-Type": "application/json" } : {},
      body: form ? body : body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(AWAY, "The sandbox does not answer.");
  }
  const found = await answer.json().catch(() => null);
  if (!found) throw new Refused("not_readable", `The sandbox answered with ${answer.status}.`);
  if (found.ok === false) throw new Refused(found.error, found.told);
  return found;
}
