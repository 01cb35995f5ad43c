"""The product's main job, told by people who speak only HTTP: for `make story` and for the tests."""
