"""Adds the reference pages, made from the definition files, to the site. Nothing that is made here is kept."""

from mkdocs.structure.files import File

from relmetrics.publishing.decks import read_decks
from relmetrics.publishing.pages import navigation, reference_pages
from relmetrics.standard import load_release


def on_config(config):
    config.nav = [
        {"Reference": navigation(load_release())} if entry == {"Reference": "reference/index.md"} else entry
        for entry in config.nav
    ]
    return config


def on_files(files, config):
    for path, text in reference_pages(load_release(), read_decks()).items():
        files.append(File.generated(config, path, content=text))
    return files
