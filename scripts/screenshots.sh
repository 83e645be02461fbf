#!/usr/bin/env bash
# Every screen in every look goes to build/screens/all, to be looked at; the few
# that the documents show go to docs/images under plain names. `make screenshots`
# calls this with GO and TAGS set.
set -euo pipefail
cd "$(dirname "$0")/.."
all=build/screens/all
rm -rf "$all"
mkdir -p "$all" docs/images
TIEZHANG_SCREENSHOTS="$PWD/$all" "$GO" test -tags "$TAGS" -run TestScreenshots -count=1 ./ui/...
rm -f docs/images/*.png
while read -r from to; do
	cp "$all/$from.png" "docs/images/$to.png"
done <<'END'
start-zh 01-start
new-shop-zh 02-new-shop
new-password-zh 03-password
recovery-kit-zh 04-recovery-kit
recovery-asked-zh 05-recovery-asked
home-new-zh 06-home-new
screen-import-check-light-zh-Hans 07-import
form-item-filled-light-zh-Hans 08-item
docview-suggest-zh-light 09-receipt
docview-posted-zh-light 10-posted
till-bill-zh-light 11-till
till-pay-zh-light 12-till-pay
docview-return-zh-light 13-return
docview-payment-zh-light 14-payment
docview-count-zh-light 15-count
till-closed-zh-light 16-day-close
list-stock-balance-light-zh-Hans 17-stock-balance
list-sales-detail-light-zh-Hans 18-sales-detail
list-log-light-zh-Hans 19-log
screen-check-light-zh-Hans 20-check
screen-backup-none-light-zh-Hans 21-backup
restore-key-zh 22-restore
home-zh 23-home
home-zh-dark 24-home-dark
home-en 25-home-english
till-bill-zh-largest 26-till-largest
docview-filled-en-light 27-document-english
palette-zh 28-palette
docview-order-posted-zh-light 29-order
docview-pull-lines-zh-light 30-order-pulled
docview-freight-zh-light 31-freight
docview-settlement-zh-light 32-settlement
docview-batches-zh-light 33-batches
docview-serials-one-zh-light 34-serials
docview-count-second-zh-light 35-second-count
till-member-zh-light 36-member
till-choose-zh-light 37-two-on-one-code
screen-keys-light-zh-Hans 38-keys
screen-scale-light-zh-Hans 39-scale-labels
screen-approvals-open-light-zh-Hans 40-approvals
screen-month-ready-light-zh-Hans 41-month
screen-rights-light-zh-Hans 42-rights
see-as-zh 43-seen-as-a-role
screen-people-code-light-zh-Hans 44-first-code
screen-me-phone-light-zh-Hans 45-phone-code
screen-leave-light-zh-Hans 46-leaving
screen-merge-plan-light-zh-Hans 47-merge
form-custom-field-light-zh-Hans 48-own-field
report-replenish-zh-Hans 49-replenish
report-why-zh-Hans 50-why
END
echo "All pictures: $all; those of the documents: docs/images"
