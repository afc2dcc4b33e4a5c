// Opens the host "demo" of a running gateway over its WebSocket and has its shell add two numbers:
//   node scripts/reach-prompt.mjs http://127.0.0.1:8022/
// Exit status 0 when the sum came back. Uses nothing but Node itself, so that it runs where nothing else is installed.
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";

const page = new URL(process.argv[2] ?? "http://127.0.0.1:8022/");
const limit = 30_000; // ms, for all of it
const typed = "echo sum=$((40 + 2))\r"; // what is echoed differs from what is expected
const expected = "sum=42";

function fail(sentence) {
  console.error(`reach-prompt: ${sentence}`);
  process.exit(1);
}
setTimeout(() => fail(`no answer within ${limit / 1000} s; last was: ${last}`), limit).unref();

let last = "nothing";
let printed = "";

// A client's frames are masked, and these are all short enough for one byte of length (RFC 6455, section 5.2).
function send(socket, message) {
  const body = Buffer.from(JSON.stringify(message));
  const mask = randomBytes(4);
  for (let i = 0; i < body.length; i += 1) body[i] ^= mask[i % 4];
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body]));
}

// Calls onText for every whole text frame in what has arrived and returns the rest.
function frames(bytes, onText) {
  for (;;) {
    if (bytes.length < 2) return bytes;
    const opcode = bytes[0] & 0x0f;
    let length = bytes[1] & 0x7f;
    let start = 2;
    if (length === 126) {
      if (bytes.length < 4) return bytes;
      length = bytes.readUInt16BE(2);
      start = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return bytes;
      length = Number(bytes.readBigUInt64BE(2));
      start = 10;
    }
    if (bytes.length < start + length) return bytes;
    if (opcode === 1) onText(bytes.subarray(start, start + length).toString("utf8"));
    if (opcode === 8) {
      const [code, reason] = [length > 1 ? bytes.readUInt16BE(start) : 0, bytes.subarray(start + 2, start + length)];
      fail(`the gateway closed the connection: ${code} ${reason}; last was: ${last}`);
    }
    bytes = bytes.subarray(start + length);
  }
}

const key = randomBytes(16).toString("base64");
const proof = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
const upgrade = request(new URL("ws", page), {
  headers: {
    Connection: "Upgrade",
    Upgrade: "websocket",
    Origin: page.origin,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
    "Sec-WebSocket-Protocol": "sallyport.v1",
  },
});
upgrade.on("error", (error) => fail(error.message));
upgrade.on("response", (answer) => fail(`the gateway answered ${answer.statusCode} instead of opening a WebSocket`));
upgrade.on("upgrade", (answer, socket, head) => {
  if (answer.headers["sec-websocket-accept"] !== proof) fail("the WebSocket handshake is wrong");
  let bytes = head;
  const onText = (text) => {
    last = text;
    const frame = JSON.parse(text);
    if (frame.type === "error" || frame.type === "prompt" || frame.type === "exited") fail(text);
    if (frame.type === "opened") send(socket, { type: "input", seq: 1, data: typed });
    if (frame.type !== "output") return;
    printed += frame.data;
    if (!printed.includes(expected)) return;
    console.log(`A shell of the demo host answered: ${expected}`);
    send(socket, { type: "close" });
    process.exit(0);
  };
  socket.on("data", (data) => {
    bytes = frames(Buffer.concat([bytes, data]), onText);
  });
  send(socket, { type: "open", preset: "demo", cols: 80, rows: 24 });
});
upgrade.end();
