"use strict";
(() => {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const chats = Array.from(document.querySelectorAll(".chat"), (chat) => [chat, plain(chat.textContent)]);
  const field = document.getElementById("words");
  const found = document.getElementById("found");
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const [chat, text] of chats) {
      chat.hidden = !words.every((word) => text.includes(word));
      count += chat.hidden ? 0 : 1;
    }
    found.textContent = count + " of " + chats.length + " transcripts";
  });
  document.getElementById("search").hidden = false;
})();
