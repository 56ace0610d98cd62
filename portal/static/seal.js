// Checks the seal behind '#' in this browser: the fragment never reaches a server.
// COSE_Sign1 with ES256 (RFC 9052) over a CBOR map; the layout of the payload is in docs/seal.md.
"use strict";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const IDENTIFIER = "0123456789abcdefghjkmnpqrstvwxyz";

function fromBase32(text) {
  const bytes = [];
  let bits = 0, held = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Error("not base32");
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(bytes);
}

function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}

// Reads one CBOR item; only what a seal is made of.
function readCbor(data, at) {
  const major = data[at] >> 5;
  let size = data[at] & 31;
  at += 1;
  if (size >= 24) {
    const width = 2 ** (size - 24);
    if (width > 4) throw new Error("too long");
    size = 0;
    for (let i = 0; i < width; i++) size = size * 256 + data[at++];
  }
  if (major === 0) return [size, at];
  if (major === 1) return [-1 - size, at];
  if (major === 2 || major === 3) {
    const part = data.slice(at, at + size);
    if (part.length !== size) throw new Error("cut short");
    return [major === 2 ? part : new TextDecoder("utf-8", { fatal: true }).decode(part), at + size];
  }
  if (major === 4) {
    const items = [];
    for (let i = 0; i < size; i++) {
      let item;
      [item, at] = readCbor(data, at);
      items.push(item);
    }
    return [items, at];
  }
  if (major === 5) {
    const map = new Map();
    for (let i = 0; i < size; i++) {
      let key, value;
      [key, at] = readCbor(data, at);
      [value, at] = readCbor(data, at);
      map.set(key, value);
    }
    return [map, at];
  }
  if (major === 6) return readCbor(data, at);
  throw new Error("unknown item");
}

function bytesOf(length, major) {
  if (length < 24) return [(major << 5) | length];
  if (length < 256) return [(major << 5) | 24, length];
  return [(major << 5) | 25, length >> 8, length & 255];
}

function toBeSigned(header, payload) {
  const context = new TextEncoder().encode("Signature1");
  return Uint8Array.from([
    0x84, ...bytesOf(context.length, 3), ...context, ...bytesOf(header.length, 2), ...header, 0x40,
    ...bytesOf(payload.length, 2), ...payload,
  ]);
}

function identifierOf(bytes) {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 16; i++) {
    text = IDENTIFIER[Number(number & 31n)] + text;
    number >>= 5n;
  }
  return text;
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

async function sealHolds(text, documentId) {
  const [[header, , payload, signature], end] = readCbor(fromBase32(text), 0);
  if (end !== fromBase32(text).length) throw new Error("trailing bytes");
  const [fields] = readCbor(header, 0);
  const [content] = readCbor(payload, 0);
  if (fields.get(1) !== -7 || content.get(0) !== 1) throw new Error("another version");
  const published = await (await fetch("/keys.json")).json();
  const entry = published.keys.find(
    (key) => key.key_id === hex(fields.get(4)) && key.uses.includes("seal") && !key.compromised,
  );
  if (!entry || identifierOf(content.get(1)) !== documentId) return false;
  const { x, y } = entry.public_key;
  const point = Uint8Array.from([4, ...fromBase64Url(x), ...fromBase64Url(y)]);
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("raw", point, curve, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, toBeSigned(header, payload));
}

async function showSeal() {
  const place = document.getElementById("seal");
  const text = location.hash.slice(1);
  if (!place || !text) return;
  place.hidden = false;
  if (!window.crypto || !crypto.subtle) {
    place.textContent = place.dataset.none;
    return;
  }
  let holds = false;
  try {
    holds = await sealHolds(text, place.dataset.id);
  } catch (problem) {
    if (problem instanceof TypeError && !navigator.onLine) {
      place.textContent = place.dataset.none;
      return;
    }
  }
  place.textContent = holds ? place.dataset.good : place.dataset.bad;
  place.classList.add(holds ? "good" : "bad");
}

// The other language is shown of the same paper, with its seal.
for (const link of document.querySelectorAll("a.language")) link.hash = location.hash;
showSeal();
