"""Index threads with Chroma, and search them over HTTP as a user's own small service would.

Run by the peers' own interpreter: `python chroma_server.py index THREADS MODEL FOLDER VECTORS`,
and `python chroma_server.py serve PORT MODEL FOLDER`. The vectors are the model's (vectors.py);
searches encode by themselves.
"""

import json
import sys
from itertools import islice

import chromadb
import numpy as np
import uvicorn
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
from fastapi import FastAPI

_BATCH = 500


def main(act: str, what: str, model: str, folder: str, vectors: str = "") -> None:
    """Index a file of threads, or serve what was indexed."""
    encoder = SentenceTransformerEmbeddingFunction(model_name=model)
    client = chromadb.PersistentClient(path=folder)
    threads = client.get_or_create_collection("threads", embedding_function=encoder)
    if act == "index":
        made = iter(np.load(vectors))
        with open(what, encoding="utf-8") as file:
            rows = map(json.loads, file)
            while lines := list(islice(rows, _BATCH)):
                ids = [row["id"] for row in lines]
                some = [next(made) for _ in ids]
                threads.add(ids=ids, documents=[row["text"] for row in lines], embeddings=some)
        return
    app = FastAPI()

    @app.get("/search")
    def search(query: str, limit: int = 5) -> object:
        return threads.query(query_texts=[query], n_results=limit)

    uvicorn.run(app, host="127.0.0.1", port=int(what), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
