"""Measurements that the project stands on: `make bench` runs the study of study.py."""
