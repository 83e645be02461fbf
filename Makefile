# Two commands are enough: `make run` opens the program, `make test` proves it.
# Both install what the machine lacks (scripts/deps.sh). `make help` lists the rest.

GO      ?= go
TAGS    := migrated_fynedo,no_emoji,no_animations
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
BUILD   := -trimpath -buildvcs=false -tags $(TAGS)
TOOLS   := build/tools

export GO TAGS TOOLS

.DEFAULT_GOAL := help
.PHONY: help run build cashier windows wine-smoke test check bench soak screenshots docs clean tools

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build the program and open it (ARGS="…" are passed on; TIEZHANG_RUN_SECONDS=20 stops it by itself)
	@scripts/deps.sh run
	@$(MAKE) --no-print-directory build $(TOOLS)/xwdpng
	@scripts/run.sh build/tiezhang $(ARGS)

build: ## build/tiezhang
	@scripts/deps.sh build
	$(GO) build $(BUILD) -ldflags '$(LDFLAGS)' -o build/tiezhang .

windows: ## build/tiezhang.exe, with icon, manifest and version
	@scripts/deps.sh windows
	@$(MAKE) --no-print-directory $(TOOLS)/go-winres
	@VERSION='$(VERSION)' scripts/windows.sh

wine-smoke: ## a short day of the .exe under Wine, through the script face (not part of test)
	@scripts/deps.sh windows
	@scripts/wine-smoke.sh

test: ## every test
	@scripts/deps.sh test
	@scripts/test.sh

check: ## formatting, vet, staticcheck, the rules of the house, the two languages
	@scripts/deps.sh build
	@$(MAKE) --no-print-directory $(TOOLS)/staticcheck
	@scripts/check.sh

cashier: build ## 300 bills by keys and scans in the real window, then the books against sums of their own (CASHIER="-rest 200ms" on a busy machine)
	@mkdir -p $(TOOLS)
	cd tools && $(GO) build -buildvcs=false -o ../$(TOOLS)/cashier ./cashier
	$(GO) run ./internal/cashier/script >build/cashier.json
	$(TOOLS)/cashier $(CASHIER) build/tiezhang build/cashier.json

bench: ## the benchmarks
	@scripts/deps.sh build
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem ./...

soak: ## the random tests for a long time: SOAK=20 times as many cases
	@scripts/deps.sh test
	@scripts/soak.sh $(or $(SOAK),20)

screenshots: ## every screen as a picture in build/screens/all, those of the documents in docs/images
	@scripts/deps.sh build
	@scripts/screenshots.sh

docs: ## docs/permissions.md and its golden table anew, from what the gate answers
	$(GO) test ./app -run 'TestPermissions|TestRowPermissions' -count=1 -update

tools: $(TOOLS)/staticcheck $(TOOLS)/go-winres $(TOOLS)/xwdpng ## the tools the other commands use

# Tools have a module of their own, so that they pin themselves and never
# weigh on the program's dependencies.
$(TOOLS)/staticcheck: tools/go.mod
	@mkdir -p $(TOOLS)
	cd tools && $(GO) build -buildvcs=false -o ../$@ honnef.co/go/tools/cmd/staticcheck

$(TOOLS)/go-winres: tools/go.mod
	@mkdir -p $(TOOLS)
	cd tools && $(GO) build -buildvcs=false -o ../$@ github.com/tc-hib/go-winres

$(TOOLS)/xwdpng: tools/go.mod tools/xwdpng/main.go
	@mkdir -p $(TOOLS)
	cd tools && $(GO) build -buildvcs=false -o ../$@ ./xwdpng

clean: ## remove build/
	rm -rf build
