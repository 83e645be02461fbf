package app

import (
	"context"
	"encoding/json"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// SettingScale keeps how the shop's scales write their labels, as JSON.
const SettingScale = "scale.formats"

// ScaleFormats reads how the shop's scales write their labels.
type ScaleFormats struct{}

func (q ScaleFormats) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q ScaleFormats) ask(_ context.Context, x *Exec) ([]master.ScaleFormat, error) {
	return scaleFormats(x.Tx)
}

func scaleFormats(tx Tx) ([]master.ScaleFormat, error) {
	s, err := tx.Setting(SettingScale)
	if err != nil || s == "" {
		return nil, err
	}
	var fs []master.ScaleFormat
	if err := json.Unmarshal([]byte(s), &fs); err != nil {
		return nil, fault.Wrap("app.ScaleFormats", fault.Damaged, "scale.damaged", nil, err)
	}
	return fs, nil
}

// SetScaleFormats says how the shop's scales write their labels. Faults: those
// of master.CheckScale, each naming its field.
type SetScaleFormats struct{ Formats []master.ScaleFormat }

func (c SetScaleFormats) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SetScaleFormats) run(_ context.Context, x *Exec) (struct{}, error) {
	if err := master.CheckScale(c.Formats); err != nil {
		return struct{}{}, err
	}
	b, err := json.Marshal(c.Formats)
	if err != nil {
		return struct{}{}, fault.Wrap("app.SetScaleFormats", fault.Internal, "app.internal", nil, err)
	}
	x.Object("setting:" + SettingScale)
	x.Note("value", string(b))
	x.Changed("settings")
	return struct{}{}, x.Tx.SetSetting(SettingScale, string(b))
}

// TillScan answers a scanner at the counter: the items that bear the code, or
// the item and the weight or amount of a scale's label. A code of the shop's own
// goes before a label that happens to read the same. Faults: Invalid
// "scale.check", "scale.zero" and "scale.unknown-plu" for labels.
type TillScan struct{ Code string }

// Scanned is the answer: no hits means that nothing bears the code.
type Scanned struct {
	Hits  []ItemHit
	Label *master.ScaleLabel
}

func (q TillScan) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q TillScan) ask(ctx context.Context, x *Exec) (Scanned, error) {
	hits, err := ScanCode(q).ask(ctx, x)
	if err != nil || len(hits) > 0 {
		return Scanned{Hits: hits}, err
	}
	formats, err := scaleFormats(x.Tx)
	if err != nil {
		return Scanned{}, err
	}
	code := amount.Narrow(q.Code)
	l, ok, err := master.ReadScale(formats, code)
	if err != nil || !ok {
		return Scanned{}, err
	}
	if hits, err = x.itemsByPLU(l.PLU); err != nil {
		return Scanned{}, err
	}
	if len(hits) == 0 {
		return Scanned{}, fault.Bad("app.TillScan", "scale.unknown-plu", "field", "item", "code", code, "plu", l.PLU)
	}
	hits, err = x.maskHits(hits)
	return Scanned{Hits: hits, Label: &l}, err
}

// itemsByPLU finds what a scale's number stands for: the items that say so, or
// else the item with that code; zeros in front mean nothing to a scale.
func (x *Exec) itemsByPLU(plu string) ([]ItemHit, error) {
	short := strings.TrimLeft(plu, "0")
	for _, s := range []string{plu, short} {
		if s == "" {
			continue
		}
		hits, err := x.Tx.ItemsByPLU(s)
		if err != nil || len(hits) > 0 {
			return hits, err
		}
	}
	for _, s := range []string{plu, short} {
		if s == "" {
			continue
		}
		it, err := x.Tx.ItemByCode(s)
		switch {
		case err == nil && !it.Disabled:
			on, err := x.onHand(it.ID)
			return []ItemHit{{Item: it, OnHand: on}}, err
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return nil, err
		}
	}
	return nil, nil
}
