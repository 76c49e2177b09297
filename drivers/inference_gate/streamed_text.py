"""The text of tokens as they come: nothing of an unfinished character, and nothing that a stop text may still take back."""


class StreamedText:
    """`decode(ids)` gives the text of ids. Characters are told when they are whole; `stops` are texts that end the output."""

    def __init__(self, decode, stops):
        self._decode = decode
        self._stops = stops
        self._hold = max((len(stop) for stop in stops), default=1) - 1
        self._ids = []
        # Ids before `_read` are told; the decoder sees those from `_context` on, since some tokenizers look at the token before.
        self._context = 0
        self._read = 0
        self._pending = ""
        self.stopped = False

    def add(self, token_id, may_stop=True):
        """What the token adds to the text that can be told now; `may_stop` is false where no stop text counts yet."""
        self._ids.append(token_id)
        before = self._decode(self._ids[self._context : self._read])
        now = self._decode(self._ids[self._context :])
        if now.endswith("\ufffd") or len(now) <= len(before):
            return ""
        self._context, self._read = self._read, len(self._ids)
        return self._told(now[len(before) :], may_stop)

    def rest(self):
        """What was held back, at the end of an output: half a character included, as the tokenizer writes it."""
        if self.stopped:
            return ""
        now = self._decode(self._ids[self._context :])
        before = self._decode(self._ids[self._context : self._read])
        rest, self._pending = self._pending, ""
        return rest + now[len(before) :]

    def _told(self, added, may_stop):
        text = self._pending + added
        ends = [place for place in (text.find(stop) for stop in self._stops) if place >= 0] if may_stop else []
        if ends:
            self.stopped, self._pending = True, ""
            return text[: min(ends)]
        keep = min(self._hold, len(text)) if self._stops else 0
        self._pending = text[len(text) - keep :]
        return text[: len(text) - keep]
