# The commands of the project. `make demo` and `make test` install what they need on a bare Debian 12.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := python3-venv tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd tesseract-ocr-script-viet fonts-liberation fonts-liberation2
JUDGES := chromium default-jdk-headless libactivation-java libbcpkix-java libjaxb-api-java libjaxb-java libpdfbox2-java \
	mupdf-tools openssl opensc poppler-utils postgresql softhsm2
TESTS ?= tests
# Several lines of one recipe: a failure in any of them must not be lost.
.SHELLFLAGS := -eu -c
export OMP_THREAD_LIMIT := 1
# The tests start hundreds of processes of ours: each would compile every module anew where no bytecode may be kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-slow check format lock clean

demo: $(VENV)/runtime ## Make sample dossiers and take them the whole road.
	$(BIN)/sohoa demo demo-data

test: $(VENV)/tests ## Run all tests but the long ones.
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" $(TESTS)

test-slow: $(VENV)/tests ## Run the long fault and load tests.
	$(BIN)/python -m pytest -m slow --timeout 3600 $(TESTS)

check: $(VENV)/tests ## What CI runs: format, lint, types, tests.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: $(VENV)/tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Resolve the dependencies anew (needs `uv`).
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header pyproject.toml --extra test --extra cluster -c requirements.lock -o requirements-test.lock

clean:
	rm -rf $(VENV) demo-data build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A stamp file stands for each installation; it is made again when the lock changes.
$(VENV)/runtime: requirements.lock pyproject.toml
	@$(call debian,$(TOOLS))
	@$(call python,requirements.lock)
	@touch $@

$(VENV)/tests: requirements-test.lock pyproject.toml
	@$(call debian,$(TOOLS) $(JUDGES))
	@$(call python,requirements-test.lock)
	@touch $@ $(VENV)/runtime

# Installs the Debian packages that are missing; without the right to do so it says which they are.
define debian
missing=""; \
for package in $(1); do \
	dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q "ok installed" || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
	if [ "$$(id -u)" = 0 ]; then sudo=""; \
	elif sudo -n true 2>/dev/null; then sudo=sudo; \
	else echo "These Debian packages are missing; ask an administrator to run:" >&2; \
		echo "    apt-get install$$missing" >&2; exit 1; fi; \
	echo "Installing:$$missing"; \
	$$sudo apt-get update -qq; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef

define python
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'; \
[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV); \
echo "Installing Python packages from $(1)"; \
$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); \
$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
endef
