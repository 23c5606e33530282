/** What a step of the tour does for the person: acts of the control address, a button found by the words on it. */

import { act, AWAY, ask, send } from "./api.js";

/** The deed is not there to be done: somebody did it already, or something before it is missing. */
export class NotThere extends Error {}

const PATIENCE = 20;

// A tour's buttons stand in what came just before. An older one is somebody else's matter, such as another country's
// report: on a second tour it would be taken for the one that was meant.
const LATELY = 12 * 3600;

/**
 * Do a step's acts in their order, each after the bot has dealt with the one before.
 *
 * @param {object} step of GET /control/tour
 * @param {{move: (id: string) => Promise<void>, told: (done: number, all: number) => void}} how
 * @throws {NotThere} when an act cannot be done as things stand
 */
export async function perform(step, { move, told }) {
  const { acts } = step.do;
  for (const [done, { act: name, ...given }] of acts.entries()) {
    told(done, acts.length);
    const as = given.as ?? step.as;
    delete given.as;
    if (name === "clock") await move(given.move);
    else if (name === "clicks" || name === "selects") await press(as, name, given, step.place);
    else await said(as, name, given);
    await settled();
  }
  told(acts.length, acts.length);
}

async function said(as, name, given) {
  let answer;
  try {
    answer = await act(as, name, given);
  } catch (error) {
    throw notThere(error);
  }
  const errors = Object.values(answer?.errors ?? {});
  if (errors.length) throw new NotThere(errors.join(" "));
}

async function press(as, name, { label, action_id: prefix, ...given }, place) {
  const seen = await ask(`seen?as=${encodeURIComponent(as)}&drawn=0`);
  const found = button(seen, { label, prefix, ...given }, place);
  if (!found) throw new NotThere(label ? `There is no button “${label}” now.` : "There is no such button now.");
  await said(as, name, { ...given, ...found });
}

/** What refuses for good is told kindly; a network that is away stays an error. */
function notThere(error) {
  return error.code === AWAY ? error : new NotThere(error.message);
}

async function settled() {
  // A bot that still works has done nothing wrong: the page shows what comes.
  await send("settled", { timeout: PATIENCE }).catch(() => {});
}

/**
 * Where a button is: in the open modal, then in the newest message of the last hours that has it (the step's own place
 * first), then on the app's home.
 *
 * @param {object} seen the whole of what the person sees
 * @param {{label?: string, prefix?: string, message?: string, where?: string}} wanted the words on it, or how its action_id begins
 * @param {{channel?: string}} place of the step
 * @returns {object | null} the arguments that name it
 */
export function button(seen, wanted, place = {}) {
  const { where } = wanted;
  const modal = seen.modals?.at(-1);
  if (modal && (!where || where === "modal")) {
    const found = inBlocks(modal.blocks, wanted);
    if (found) return { ...found, where: "modal" };
  }
  if (!where || where === "message") {
    const now = Date.parse(seen.now) / 1000;
    const messages = seen.messages
      .filter((message) => (wanted.message ? message.ts === wanted.message : Number(message.ts) > now - LATELY))
      .sort((a, b) => here(b, place) - here(a, place) || Number(b.ts) - Number(a.ts));
    for (const message of messages) {
      const found = inBlocks(message.blocks, wanted);
      if (found) return { ...found, where: "message", message: message.ts };
    }
  }
  if (seen.home && (!where || where === "home")) {
    const found = inBlocks(seen.home.blocks, wanted);
    if (found) return { ...found, where: "home" };
  }
  return null;
}

function here(message, place) {
  return message.channel === place.channel ? 1 : 0;
}

function inBlocks(blocks, wanted) {
  for (const block of blocks ?? []) {
    const elements = [...(block.elements ?? []), block.accessory, block.element].filter((one) => one?.action_id);
    const found = elements.find((element) => fits(element, wanted));
    if (found) return { action_id: found.action_id, ...(block.block_id ? { block_id: block.block_id } : {}) };
  }
  return null;
}

function fits(element, { label, prefix }) {
  if (prefix && !element.action_id.startsWith(prefix)) return false;
  if (label && bare(element.text?.text) !== bare(label)) return false;
  return Boolean(prefix || label);
}

/** The words without emoji codes, so that a label may be written as it reads. */
function bare(text) {
  return String(text ?? "")
    .replaceAll(/:[a-z0-9_+-]+:/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
