#!/usr/bin/env bash
# Run the tests with the oldest and newest versions that pyproject.toml allows, and with Colab's.
#
#     make test-versions                  each Python from 3.10 to 3.13, then Colab's packages
#     tools/versions.sh 3.11 3.13 colab   those named
#
# Each row has a clean environment in build/versions/, and its log beside it.
set -u
cd "$(dirname "$0")/.."
failed=0

row() { # name, python, what to install, what to test
    local name=$1 environment=build/versions/$1 verdict=failed
    if uv venv --quiet --clear --python "$2" "$environment" &&
        uv pip install --quiet --python "$environment" --only-binary :all: $3 &&
        PYTHONPATH=$PWD "$environment/bin/python" -m pytest --quiet $4; then
        verdict=passed
    else
        failed=1
    fi >"$environment.log" 2>&1
    printf '%-14s %-7s' "$name" "$verdict"
    uv pip list --quiet --python "$environment" 2>/dev/null |
        awk '$1 ~ /^(tensorflow|keras|numpy|matplotlib|ipykernel|ipython)$/ {printf " %s %s", $1, $2}'
    echo
}

mkdir -p build/versions
(($#)) || set -- 3.10 3.11 3.12 3.13 colab
for python in "$@"; do
    if [[ $python == colab ]]; then # all eight notebooks, since Colab runs nothing else
        constraints=tests/colab-constraints.txt
        PYDEVD_DISABLE_FILE_VALIDATION=1 row colab 3.13 \
            "-r $constraints pytest nbval hypothesis" notebooks
        continue
    fi
    for which in lowest-direct highest; do
        PYTEST_ADDOPTS='-m "not slow" --numprocesses 2 --dist loadfile' row "$python-$which" "$python" \
            "--resolution $which -e . --group test" "tests $(echo notebooks/*.ipynb)"
    done
done
exit $failed
