// Without signal: an honest page, and the guide. Nothing about a person is ever kept here: both are asked for
// without cookies, as a visitor, and no other page is put away. What is sent (POST) goes its own way untouched.
"use strict";

const DRAWER = "sin-conexion";
const OFFLINE = "/sin-conexion/";
const GUIDE = "/guia/";
const STATIC = "/static/";
const PARTS = /(?:href|src)="(\/static\/[^"]+)"/g;

const asVisitor = async (address) => {
  const answer = await fetch(address, { credentials: "omit", redirect: "error" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
};

// The pages and what they are drawn with come together, so that none is without its style.
const putAway = async () => {
  const fresh = new Map();
  for (const address of [OFFLINE, GUIDE]) {
    const answer = await asVisitor(address);
    fresh.set(address, answer.clone());
    for (const [, part] of (await answer.text()).matchAll(PARTS)) fresh.set(part, null);
  }
  for (const [part, answer] of fresh) fresh.set(part, answer ?? (await asVisitor(part)));
  const drawer = await caches.open(DRAWER);
  for (const [address, answer] of fresh) await drawer.put(address, answer);
  for (const { url } of await drawer.keys()) {
    if (!fresh.has(new URL(url).pathname)) await drawer.delete(url);
  }
};

const kept = async (address) => {
  const drawer = await caches.open(DRAWER);
  return (await drawer.match(address, { ignoreVary: true })) ?? Response.error();
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(putAway());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => kept(pathname === GUIDE ? GUIDE : OFFLINE)));
    // Who reads the guide with signal takes its newest text along.
    if (pathname === GUIDE) event.waitUntil(putAway().catch(() => {}));
  } else if (pathname.startsWith(STATIC)) {
    event.respondWith(fetch(request).catch(() => kept(pathname)));
  }
});
