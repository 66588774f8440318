# rolypoly: `make help` lists what can be made.
#
# Rooms stand on the rooms before them in ROOMS; src/X/*.c becomes libX.a, tests/X/*.c becomes a test.

ROOMS    := base score listen drums guitarist audio model store learn rehearsal tui cli
SAN      ?=
BUILD    ?= build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
prefix   ?= /usr/local
comma    := ,

LIBS     := portaudio-2.0 fluidsynth smf sqlite3 sndfile libcjson kissfft-float ncursesw alsa soxr libsystemd
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(LIBS) 2>/dev/null)
# A plain `gcc -O2` would do; the kernels gain from -O3 and fused multiply-adds (never -Ofast: it breaks NaN checks).
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            $(if $(CI),-Werror)
ALL_CFLAGS = -std=c11 $(CFLAGS) $(WARNINGS) -D_GNU_SOURCE -Isrc -MMD -MP -pthread \
             -DROLYPOLY_PREFIX='"$(prefix)"' $(PKG_CFLAGS) \
             $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all) \
             $(if $(COVER),--coverage)
LDLIBS   = $(PKG_LIBS) -lm -pthread
LDFLAGS  += $(if $(SAN),-fsanitize=$(SAN)) $(if $(COVER),--coverage)

sources   = $(wildcard src/$(1)/*.c)
objects   = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(call sources,$(1)))
# The rooms up to and including $(1).
up_to     = $(if $(filter $(1),$(firstword $(2))),$(1),$(firstword $(2)) $(call up_to,$(1),$(wordlist 2,99,$(2))))
FILLED   := $(foreach r,$(ROOMS),$(if $(call sources,$(r)),$(r)))
archives  = $(foreach r,$(filter $(FILLED),$(call up_to,$(1),$(ROOMS))),$(BUILD)/lib$(r).a)
TESTED   := $(foreach r,$(ROOMS),$(if $(wildcard tests/$(r)/*.c),$(r)))
TESTS    := $(TESTED:%=$(BUILD)/tests/%)
FUZZERS  := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all packages help deps run test test-realtime test-live measure-screen check lint format fuzz bench cover install clean
.SECONDARY:

all: $(BUILD)/rolypoly ## build the program (the default)

# Said before a compiler misses a header.
packages:
	@[ -n "$(PKG_LIBS)" ] || { echo 'make: libraries are missing: run "make deps" first' >&2; exit 1; }

help: ## this list
	@awk -F ':.*## ' '/^[a-z_-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' Makefile

deps: ## install what building, running and testing need (Debian)
	@sh tests/deps.sh

run: ## build, and rehearse the bundled song with the virtual guitarist
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(BUILD)/rolypoly demo

test: ## build and run every test
	@$(MAKE) --no-print-directory -j$(JOBS) $(if $(CI),CI=$(CI)) all tests-built
	@BUILD=$(BUILD) sh tests/run.sh

check: test

test-live: all $(BUILD)/live/duet ## three takes of 5 minutes at the sound server, every hit measured; then 30 with busy processors
	@BUILD=$(BUILD) sh tests/live/live.sh 300 64 128 256
	@BUILD=$(BUILD) sh tests/live/live.sh -b 1800 128

tests-built: $(TESTS) $(FUZZERS) $(BUILD)/live/duet $(BUILD)/screen/meter

test-realtime: $(BUILD)/tests/rehearsal ## a million callbacks, each proven to compute and wake alone
	@ROLYPOLY_CALLBACKS=1000000 CK_RUN_SUITE=realtime CK_TIMEOUT_MULTIPLIER=10 $<

# Short lines; `make V=1` shows the commands.
quiet     = $(if $(V),,@printf '  %-5s %s\n' $(1) '$(2)';)
JOBS     := $(shell nproc 2>/dev/null || echo 2)

$(BUILD)/rolypoly: src/main.c $(call archives,cli)
	@mkdir -p $(@D)
	$(call quiet,link,$@)$(CC) $(ALL_CFLAGS) -MF $(BUILD)/main.d $(LDFLAGS) -o $@ $< $(call reverse,$(call archives,cli)) $(LDLIBS)

reverse   = $(if $(1),$(call reverse,$(wordlist 2,99,$(1))) $(firstword $(1)))

define room
$(BUILD)/lib$(1).a: $(call objects,$(1))
	@rm -f $$@
	$$(call quiet,ar,$$@)ar rcs $$@ $$^
$(BUILD)/tests/$(1): $(wildcard tests/$(1)/*.c tests/support/*.c tests/*.h) $(call archives,$(1))
	@mkdir -p $$(@D)
	$$(call quiet,test,$$@)$$(CC) $$(ALL_CFLAGS) -MF $(BUILD)/tests/$(1).d -Itests $$(LDFLAGS) -o $$@ $$(filter %.c,$$^) \
	    $$(call reverse,$(call archives,$(1))) $$(shell pkg-config --libs check) $$(LDLIBS)
endef
$(foreach r,$(FILLED),$(eval $(call room,$(r))))

$(BUILD)/obj/model/%.o: CFLAGS += -O3 -ffp-contract=fast -fno-math-errno -fno-trapping-math
$(BUILD)/obj/%.o: src/%.c | packages
	@mkdir -p $(@D)
	$(call quiet,cc,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(call archives,store)
	@mkdir -p $(@D)
	$(call quiet,fuzz,$@)$(CC) $(ALL_CFLAGS) -MF $@.d -Itests $(LDFLAGS) -o $@ $(filter %.c,$^) \
	    $(call reverse,$(call archives,store)) $(LDLIBS)

$(BUILD)/live/duet: $(wildcard tests/live/*.c) tests/support/clicks.c tests/support/tiny_sf2.c $(call archives,store)
	@mkdir -p $(@D)
	$(call quiet,live,$@)$(CC) $(ALL_CFLAGS) -MF $@.d -Itests $(LDFLAGS) -o $@ $(filter %.c,$^) \
	    $(call reverse,$(call archives,store)) $$(pkg-config --libs jack) $(LDLIBS)

$(BUILD)/screen/meter: tests/screen/meter.c
	@mkdir -p $(@D)
	$(call quiet,meter,$@)$(CC) $(ALL_CFLAGS) -MF $@.d $(LDFLAGS) -o $@ $< -lm

measure-screen: all $(BUILD)/screen/meter ## what the screen costs and how soon it answers, beside htop and cava
	@BUILD=$(BUILD) sh tests/screen/screen.sh

fuzz: ## fuzz for a minute each with libFuzzer (clang), starting from the corpus
	@sh tests/fuzz/fuzz.sh

lint: ## format, layers, static checks
	@sh tests/lint.sh

format: ## put the house format on every source
	clang-format -i $$(git ls-files -co --exclude-standard '*.c' '*.h')

bench: all ## speed of this machine, beside PyTorch where it is installed
	@$(BUILD)/rolypoly bench
	@for python in python3 /usr/bin/python3; do \
	    $$python -c 'import numpy, torch' 2>/dev/null && exec $$python src/learn/torch/bench.py \
	        $(BUILD)/rolypoly assets/groove.safetensors assets/demo.mid; \
	done; echo 'PyTorch is not here (Debian: python3-torch), so nothing is compared with it'

cover: ## run the tests with coverage and print the figure
	@$(MAKE) --no-print-directory COVER=1 BUILD=build/cover test
	@gcovr -r . build/cover --filter src/ --print-summary | tail -4

install: all ## install the program, its assets and its manual below $(prefix)
	install -D -m 755 $(BUILD)/rolypoly $(DESTDIR)$(prefix)/bin/rolypoly
	install -d $(DESTDIR)$(prefix)/share/rolypoly/assets $(DESTDIR)$(prefix)/share/man/man1
	install -m 644 assets/*.safetensors assets/*.mid $(DESTDIR)$(prefix)/share/rolypoly/assets
	install -m 644 docs/rolypoly.1 $(DESTDIR)$(prefix)/share/man/man1

clean: ## remove everything that was built
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
