# shellcheck shell=bash
# What the scripts share: find Python, make .venv, install a lock into it once. Sourced, never run.
#
# Nothing here needs root or asks anything. Everything pip understands from its own environment and configuration
# (PIP_INDEX_URL, PIP_FIND_LINKS, PIP_CERT, ...) goes on working. PYTHON=/path/to/python chooses the interpreter.

ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
VENV="$ROOT/.venv"
cd -- "$ROOT" || exit 1

# say SENTENCE...: one step of the work, on stderr so that stdout stays the program's own
say() { printf '[%3ds] %s\n' "$SECONDS" "$*" >&2; }

# fail ENGLISH CHINESE: the reason, in both languages, and out
fail() {
  printf '\nerror: %s\n错误：%s\n' "$1" "$2" >&2
  exit 1
}

# usage_wanted ARGUMENT: true if the script itself was asked for help
usage_wanted() { [[ "${1-}" == "-h" || "${1-}" == "--help" ]]; }

# new_enough PYTHON: true if this interpreter runs and is 3.11 or later
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later was not found; install it, or name it: PYTHON=/path/to/python3 $0" \
    "没有找到 Python 3.11 或更高版本；请先安装，或指明路径：PYTHON=/path/to/python3 $0"
}

# usable_venv: true if .venv runs, has pip, stands where it was made, and no installation into it was cut short
usable_venv() {
  [[ ! -e "$VENV/.installing" ]] &&
    new_enough "$VENV/bin/python" &&
    "$VENV/bin/python" -c 'import pip' >/dev/null 2>&1 &&
    [[ "$(head -n 3 "$VENV/bin/pip" 2>/dev/null)" == *"$VENV/bin/"* ]]
}

make_venv() {
  local python log
  python="$(find_python)"
  if [[ -e "$VENV" ]]; then
    say "repairing a broken .venv / 正在修复损坏的 .venv"
    rm -rf -- "$VENV"
  fi
  say "making .venv with $("$python" --version) / 正在创建 Python 环境"
  log="$(mktemp)"
  if "$python" -m venv "$VENV" >>"$log" 2>&1 && usable_venv; then
    rm -f -- "$log"
    return
  fi
  # Debian ships venv without ensurepip unless python3-venv is installed: try what else may be there.
  rm -rf -- "$VENV"
  if { "$python" -m virtualenv "$VENV" >>"$log" 2>&1 && usable_venv; } ||
    { rm -rf -- "$VENV" && virtualenv --python "$python" "$VENV" >>"$log" 2>&1 && usable_venv; } ||
    { rm -rf -- "$VENV" && uv venv --seed --python "$python" "$VENV" >>"$log" 2>&1 && usable_venv; }; then
    rm -f -- "$log"
    return
  fi
  rm -rf -- "$VENV"
  cat -- "$log" >&2
  rm -f -- "$log"
  fail "this Python cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv" \
    "当前 Python 无法创建虚拟环境；Debian 或 Ubuntu 请执行：apt-get install python3-venv"
}

# stamp LOCK: names what an installation depends on; it is current while this has not changed
stamp() {
  "$VENV/bin/python" - "$ROOT" requirements/run.txt "requirements/$1.txt" pyproject.toml <<'PY'
import hashlib, pathlib, sys

parts = [sys.version.encode(), sys.argv[1].encode(), *(pathlib.Path(name).read_bytes() for name in sys.argv[2:])]
print(hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest())
PY
}

installed() { [[ "$(cat -- "$VENV/.stamp-$1" 2>/dev/null)" == "$(stamp "$1")" ]]; }

pip_install() { PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 "$VENV/bin/python" -m pip install "$@" >&2; }

# ensure_installed run|dev: .venv holds that lock and this project; dev holds everything of run
ensure_installed() {
  local lock="$1"
  exec 9<"$ROOT/requirements/run.txt"
  if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
    say "waiting for another installation / 正在等待另一个安装过程"
    flock 9
  fi
  usable_venv || make_venv
  if ! installed "$lock" && { [[ "$lock" == dev ]] || ! installed dev; }; then
    say "installing requirements/$lock.txt / 正在安装依赖"
    # An interrupted installation leaves this file behind, and the next start begins from nothing.
    touch "$VENV/.installing"
    if ! pip_install --require-hashes -r "requirements/$lock.txt"; then
      rm -f -- "$VENV/.installing"
      fail "the packages could not be installed; pip's reason is above. Behind a proxy or mirror, set pip's own variables" \
        "依赖安装失败，原因见上方 pip 的输出。如使用代理或镜像，请设置 pip 自己的环境变量"
    fi
    say "installing smartpark / 正在安装本项目"
    if ! pip_install --quiet --no-deps --no-build-isolation --editable .; then
      rm -f -- "$VENV/.installing"
      fail "the project itself could not be installed; pip's reason is above" "本项目安装失败，原因见上方 pip 的输出"
    fi
    stamp "$lock" >"$VENV/.stamp-$lock"
    rm -f -- "$VENV/.installing"
    say "installed / 安装完成"
  fi
  exec 9<&- # or a long-running program would hold the lock
}
