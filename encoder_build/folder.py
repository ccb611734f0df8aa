"""A source -> a folder that sentence-transformers opens and can train on.

In: a Source. Out: config, weights, tokenizer, mean pooling, and the prompts of E5. The build writes
multilingual-e5-small whole (to measure against) this way; it is not shipped.
Not here: training.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from encoder_build.export import PROMPTS
from encoder_build.source import Source
from encoder_build.vocabulary import BEGIN, END, PAD, UNKNOWN, make_tokenizer

_MOST_TOKENS = 512
_MODULES = [
    ("", "sentence_transformers.models.Transformer"),
    ("1_Pooling", "sentence_transformers.models.Pooling"),
    ("2_Normalize", "sentence_transformers.models.Normalize"),
]


def write_folder(source: Source, folder: Path) -> None:
    """Write the model; an existing folder is overwritten file by file."""
    for part in ("1_Pooling", "2_Normalize"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    tensors = {name: np.ascontiguousarray(values) for name, values in source.tensors.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    make_tokenizer(source.pieces).save(str(folder / "tokenizer.json"), pretty=False)
    _write(folder / "config.json", _config(source))
    names = {"bos_token": BEGIN, "cls_token": BEGIN, "eos_token": END, "sep_token": END}
    _write(
        folder / "tokenizer_config.json",
        {
            **names,
            "pad_token": PAD,
            "unk_token": UNKNOWN,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _MOST_TOKENS,
        },
    )
    _write(
        folder / "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": kind}
            for i, (path, kind) in enumerate(_MODULES)
        ],
    )
    pooling = {"word_embedding_dimension": source.shape.hidden, "pooling_mode_mean_tokens": True}
    _write(folder / "1_Pooling" / "config.json", pooling)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": _MOST_TOKENS})
    _write(folder / "config_sentence_transformers.json", {"prompts": PROMPTS})


def _config(source: Source) -> dict[str, object]:
    shape = source.shape
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": _MOST_TOKENS,
        "type_vocab_size": len(source.tensors["embeddings.token_type_embeddings.weight"]),
        "vocab_size": len(source.tensors["embeddings.word_embeddings.weight"]),
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
