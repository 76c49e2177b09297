"""vLLM's SamplingParams for one sequence, in its order: penalties, minimum length, temperature, min_p, top_k, top_p, then the draw."""

# Below this, vLLM takes the likeliest token: a smaller temperature would only overflow.
_GREEDY = 1e-5


class Sampler:
    """Draws one token after another for one request, with a generator of its own."""

    def __init__(self, torch, sampling, prompt_ids, end_ids, vocabulary, device):
        self._torch = torch
        self._sampling = sampling
        self._end_ids = sorted(set(end_ids))
        self._generator = torch.Generator(device=device).manual_seed(sampling["seed"])
        self._in_prompt = torch.zeros(vocabulary, dtype=torch.bool, device=device)
        self._in_prompt[torch.tensor(prompt_ids, dtype=torch.long, device=device)] = True
        self._counts = torch.zeros(vocabulary, dtype=torch.float32, device=device)
        self._drawn = 0

    def draw(self, logits):
        """Token id from the float32 logits of one position, log-probability before any change, and that minus the best other one's."""
        torch = self._torch
        raw = torch.log_softmax(logits, dim=-1)
        shaped = self._shaped(logits)
        temperature = self._sampling["temperature"]
        if temperature < _GREEDY:
            token = int(torch.argmax(shaped))
        else:
            weights = torch.softmax(self._narrowed(shaped / temperature), dim=-1)
            token = int(torch.multinomial(weights, 1, generator=self._generator))
        self._counts[token] += 1
        self._drawn += 1
        chosen, best = float(raw[token]), torch.topk(raw, 2)
        other = float(best.values[1] if int(best.indices[0]) == token else best.values[0])
        return token, chosen, chosen - other

    def _shaped(self, logits):
        torch, sampling = self._torch, self._sampling
        shaped = logits.clone()
        repetition = sampling["repetition_penalty"]
        if repetition != 1:
            seen = self._in_prompt | (self._counts > 0)
            shaped = torch.where(seen, torch.where(shaped > 0, shaped / repetition, shaped * repetition), shaped)
        if sampling["frequency_penalty"] != 0:
            shaped = shaped - sampling["frequency_penalty"] * self._counts
        if sampling["presence_penalty"] != 0:
            shaped = shaped - sampling["presence_penalty"] * (self._counts > 0)
        if self._drawn < sampling["min_tokens"] and self._end_ids:
            shaped[self._end_ids] = float("-inf")
        return shaped

    def _narrowed(self, logits):
        torch, sampling = self._torch, self._sampling
        if sampling["min_p"] > 0:
            weights = torch.softmax(logits, dim=-1)
            logits = logits.masked_fill(weights < sampling["min_p"] * weights.max(), float("-inf"))
        if 0 < sampling["top_k"] < logits.shape[-1]:
            least = torch.topk(logits, sampling["top_k"]).values[-1]
            logits = logits.masked_fill(logits < least, float("-inf"))
        if sampling["top_p"] < 1:
            ordered, order = torch.sort(logits, descending=False, stable=True)
            below = torch.cumsum(torch.softmax(ordered, dim=-1), dim=-1) <= 1 - sampling["top_p"]
            # The likeliest token always stays.
            below[-1] = False
            logits = logits.masked_fill(below.scatter(0, order, below), float("-inf"))
        return logits
