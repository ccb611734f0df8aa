// What every test of the client finds in its page: clients whose network does what the test says,
// and what came of it.
import { createTriage } from "/widget/triage-client.js";
window.sleep = (ms) => new Promise((done) => setTimeout(done, ms));
window.json = (told, status = 200, headers = {}) =>
  new Response(JSON.stringify(told), { status, headers });
window.reply = (n) => ({ triage_id: `t${n}`, ask_id: "a", suggestions: [{ thread_id: "x" }] });
// Drafts are replied to; what becomes of events says `answer`.
window.taking = (answer) => (call) =>
  call.address.endsWith("/beacon") ? answer(call) : json(reply(call.number));
window.make = (answer, more = {}) => {
  const calls = [], replies = [], states = [];
  const fetch = async (address, how) => {
    const { headers, credentials, keepalive } = how;
    const body = JSON.parse(how.body);
    const call = { address, headers, body, credentials, keepalive, at: performance.now() };
    calls.push(call);
    call.number = calls.filter((one) => one.address === address).length;
    return answer(call, how.signal);
  };
  const client = createTriage({ base: "https://triage.example/", key: "pk_x", fetch, ...more });
  client.onReply((reply, draft) => replies.push([reply?.triage_id ?? null, draft.title]));
  client.onState((state, problem) => states.push(problem ? `${state} ${problem.code}` : state));
  return { client, calls, replies, states };
};
window.ask = (made, title, now = true) => made.client.type({ title, body: "" }, { now });
// Waits for what is expected, however busy the machine is.
window.until = async (holds) => {
  for (let n = 0; n < 1000 && !holds(); n += 1) await sleep(10);
};
window.asked = async (made, title) => {
  const before = made.replies.length;
  ask(made, title);
  await until(() => made.replies.length > before);
};
window.told = (made) => made.calls.filter((one) => one.address.endsWith("/beacon"));
window.beacons = [];
navigator.sendBeacon = (address, body) => {
  window.beacons.push([address, JSON.parse(body)]);
  return true;
};
window.ready = true;
