package app

import (
	"context"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Settings of the members' programme.
const (
	SettingPointsPerYuan = "member.points-per-yuan" // "1", "0.5"; "" or 0 = no points
	SettingPointValue    = "member.point-value"     // what a point is worth when it is used up, "0.01"
)

// pointRules are the two settings as numbers.
type pointRules struct {
	perYuan amount.Rate
	value   amount.Price
}

func readPointRules(tx Tx) (r pointRules, err error) {
	per, err := tx.Setting(SettingPointsPerYuan)
	if err != nil {
		return r, err
	}
	value, err := tx.Setting(SettingPointValue)
	if err != nil {
		return r, err
	}
	return parsePointRules(per, value)
}

func parsePointRules(per, value string) (r pointRules, err error) {
	if per != "" {
		var p amount.Price // six decimals, as a rate has
		if p, err = amount.ParsePrice(per); err != nil || p < 0 || p > 1000*amount.PriceScale {
			return r, fault.Bad("app.points", "member.points-rate", "field", "points", "value", per)
		}
		r.perYuan = amount.Rate(p)
	}
	if value != "" {
		if r.value, err = amount.ParsePrice(value); err != nil || r.value < 0 || r.value > 1000*amount.PriceScale {
			return r, fault.Bad("app.points", "member.points-rate", "field", "points", "value", value)
		}
	}
	return r, nil
}

// earned is what a bill of an amount earns: whole points, the rest is dropped.
func (r pointRules) earned(m amount.Money) (int64, error) {
	if m <= 0 || r.perYuan <= 0 {
		return 0, nil
	}
	v, err := amount.MulDiv(int64(m), int64(r.perYuan), amount.MoneyScale)
	return v / amount.RateScale, err
}

// worth is what points take off a bill.
func (r pointRules) worth(points int64) (amount.Money, error) {
	v, err := amount.MulDiv(points, int64(r.value), amount.PriceScale/amount.MoneyScale)
	return amount.Money(v), err
}

// stored is what a member has paid in advance and not used.
func stored(tx Tx, party int64) (amount.Money, error) {
	b, err := tx.Balance(doc.AccStored, party, 0)
	return -b, err
}

// checkMember works out what a bill does to a member's points, and holds what is
// paid out of stored value or with points against what there is.
//
// A bill earns points on what it comes to after all discounts, however it is
// paid. Points used up are worth what the setting says and must be part of the
// bill's discount. A return takes back the share of the points its bill earned,
// and gives back the share of those it used up; without its bill, it takes what
// a bill of its amount would earn.
func checkMember(x *Exec, spec doc.Spec, d *doc.Document, o origins) error {
	if d.PartyID == 0 {
		return nil
	}
	if spec.Trade == doc.AccStored {
		return checkStored(x, spec, d)
	}
	if !spec.Sells() && !spec.TakesBack() {
		return nil
	}
	p, err := x.Tx.Party(d.PartyID)
	if err != nil {
		return err
	}
	r, err := readPointRules(x.Tx)
	if err != nil {
		return err
	}
	if spec.TakesBack() {
		return pointsBack(x.Tx, p, r, d, o)
	}
	var pays amount.Money
	for _, q := range d.Payments {
		if q.Stored {
			pays += q.Amount
		}
	}
	if pays != 0 {
		has, err := stored(x.Tx, d.PartyID)
		if err != nil {
			return err
		}
		if pays > has {
			return fault.Bad("app.Post", "member.stored-short", "field", "payments", "name", x.nameOf(p), "have", has.String(), "need", pays.String())
		}
	}
	if d.PointsUsed != 0 {
		if err := usePoints(x, p, r, d); err != nil {
			return err
		}
	}
	if p.Card != "" {
		if d.Points, err = r.earned(d.Total); err != nil {
			return fault.Bad("app.Post", "doc.overflow", "field", "points")
		}
	}
	return nil
}

func usePoints(x *Exec, p master.Party, r pointRules, d *doc.Document) error {
	switch {
	case p.Card == "":
		return fault.Bad("app.Post", "member.no-card", "field", "party", "name", x.nameOf(p))
	case r.value == 0:
		return fault.Bad("app.Post", "member.points-off", "field", "points")
	}
	has, err := x.Tx.Points(d.PartyID)
	if err != nil {
		return err
	}
	if d.PointsUsed > has {
		return fault.Bad("app.Post", "member.points-short", "field", "points", "name", x.nameOf(p), "have", has, "need", d.PointsUsed)
	}
	worth, err := r.worth(d.PointsUsed)
	if err != nil {
		return fault.Bad("app.Post", "doc.overflow", "field", "points")
	}
	if d.Discount < worth {
		return fault.Bad("app.Post", "member.points-discount", "field", "discount", "points", d.PointsUsed, "worth", worth.String(), "discount", d.Discount.String())
	}
	return nil
}

// pointsBack sets what a return does to the points. What all returns of a bill
// take and give back adds up to what it earned and used: each is the difference
// between what is back with it and what was before. A bill of nobody's has none.
func pointsBack(tx Tx, p master.Party, r pointRules, d *doc.Document, o origins) error {
	var blind amount.Money
	var bills []string
	now := map[string]amount.Money{} // by bill, what comes back of it
	taken := map[doc.Origin]amount.Qty{}
	of := map[string]doc.Document{}
	for _, ln := range d.Lines {
		src, ok := o.docs[ln.No]
		if !ok {
			blind += ln.Net()
			continue
		}
		same, err := sameParty(tx, src.PartyID, d.PartyID)
		if err != nil {
			return err
		}
		if !same {
			continue
		}
		from := o.lines[ln.No]
		before := o.moves[ln.No].UsedQty + taken[ln.Origin]
		taken[ln.Origin] += ln.Base
		a, err := amount.Part(from.Net(), before, from.Base)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "qty")
		}
		b, err := amount.Part(from.Net(), before+ln.Base, from.Base)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "qty")
		}
		if _, seen := of[src.ID]; !seen {
			of[src.ID], bills = src, append(bills, src.ID)
		}
		now[src.ID] += b - a
	}
	var earned, used int64
	for _, id := range bills {
		src := of[id]
		if src.Total <= 0 {
			continue
		}
		back, err := backOf(tx, src)
		if err != nil {
			return err
		}
		e, err := between(src.Points, back, back+now[id], src.Total)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "field", "points")
		}
		u, err := between(src.PointsUsed, back, back+now[id], src.Total)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "field", "points")
		}
		earned, used = earned+e, used+u
	}
	if p.Card != "" {
		b, err := r.earned(blind)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "field", "points")
		}
		earned += b
	}
	d.Points, d.PointsUsed = -earned, -used
	return nil
}

// backOf is what came back of a bill so far, at what its lines came to.
func backOf(tx Tx, bill doc.Document) (sum amount.Money, err error) {
	for _, ln := range bill.Lines {
		om, err := tx.OriginMove(bill.ID, ln.No)
		if err != nil {
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			return 0, err
		}
		v, err := amount.Part(ln.Net(), om.UsedQty, ln.Base)
		if err != nil {
			return 0, fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "qty")
		}
		sum += v
	}
	return sum, nil
}

// between is the share of points that lies between two parts of a whole.
func between(points int64, from, to, whole amount.Money) (int64, error) {
	a, err := amount.MulDiv(points, int64(from), int64(whole))
	if err != nil {
		return 0, err
	}
	b, err := amount.MulDiv(points, int64(to), int64(whole))
	return b - a, err
}

// checkStored holds a top-up or its refund against the member.
func checkStored(x *Exec, spec doc.Spec, d *doc.Document) error {
	p, err := x.Tx.Party(d.PartyID)
	if err != nil {
		return err
	}
	if spec.TradeSign < 0 {
		if p.Card == "" {
			return fault.Bad("app.Post", "member.no-card", "field", "party", "name", x.nameOf(p))
		}
		if x.preview {
			return nil
		}
		return storedAccount(x.Tx)
	}
	has, err := stored(x.Tx, d.PartyID)
	if err != nil {
		return err
	}
	if d.Amount > has {
		return fault.Bad("app.Post", "member.stored-short", "field", "amount", "name", x.nameOf(p), "have", has.String(), "need", d.Amount.String())
	}
	return nil
}

// pointsShare gives, for each line, the part of its share of the discount that
// is paid with points: no discount of the person who sells.
func pointsShare(tx Tx, d *doc.Document) ([]amount.Money, error) {
	out := make([]amount.Money, len(d.Lines))
	if d.PointsUsed <= 0 || d.Discount <= 0 {
		return out, nil
	}
	r, err := readPointRules(tx)
	if err != nil {
		return nil, err
	}
	worth, err := r.worth(d.PointsUsed)
	if err != nil {
		return nil, err
	}
	for i, ln := range d.Lines {
		v, err := amount.MulDiv(int64(ln.Share), int64(min(worth, d.Discount)), int64(d.Discount))
		if err != nil {
			return nil, err
		}
		out[i] = amount.Money(v)
	}
	return out, nil
}

// Member is what the till and the member's page show.
type Member struct {
	Party     master.Party
	Points    int64
	Stored    amount.Money
	Worth     amount.Money // of all the points, 0 when they cannot be used
	PointCost amount.Price // of one point
}

// FindMember reads a member by card number, or by ID when the card is empty.
// NotFound "member.unknown".
type FindMember struct {
	Card string
	ID   int64
}

func (q FindMember) spec() Need { return Need{Perm: access.MemberView, Silent: true} }

func (q FindMember) ask(_ context.Context, x *Exec) (Member, error) {
	var p master.Party
	var err error
	if card := strings.TrimSpace(q.Card); card != "" {
		if p, err = x.memberByCard(card); err != nil {
			return Member{}, err
		}
	} else if p, err = x.Tx.Party(q.ID); err != nil {
		return Member{}, err
	}
	if p.Card == "" || p.Disabled {
		return Member{}, fault.New("app.FindMember", fault.NotFound, "member.unknown", fault.Pairs("card", q.Card))
	}
	m := Member{Party: x.maskParty(p)}
	if m.Points, err = x.Tx.Points(p.ID); err != nil {
		return Member{}, err
	}
	if m.Stored, err = stored(x.Tx, p.ID); err != nil {
		return Member{}, err
	}
	r, err := readPointRules(x.Tx)
	if err != nil {
		return Member{}, err
	}
	m.PointCost = r.value
	if m.Worth, err = r.worth(max(m.Points, 0)); err != nil {
		return Member{}, fault.Bad("app.FindMember", "doc.overflow", "field", "points")
	}
	return m, nil
}

func (x *Exec) memberByCard(card string) (master.Party, error) {
	ps, err := x.Tx.SearchParties(card, master.Customer, 50)
	if err != nil {
		return master.Party{}, err
	}
	for _, p := range ps {
		if strings.EqualFold(p.Card, card) {
			return p, nil
		}
	}
	return master.Party{}, fault.New("app.FindMember", fault.NotFound, "member.unknown", fault.Pairs("card", card))
}

// SetCard makes a customer a member, gives a lost card's holder another number
// (points and stored value stay), or with an empty one takes the card back.
// Conflict "member.card-taken", "member.has-value" (refund what is stored first).
type SetCard struct {
	Party int64
	Card  string
}

func (c SetCard) spec() Need { return Need{Perm: access.MemberEdit} }

func (c SetCard) run(_ context.Context, x *Exec) (struct{}, error) {
	p, err := x.Tx.Party(c.Party)
	if err != nil {
		return struct{}{}, err
	}
	if !x.seesParty(p) {
		return struct{}{}, unseenParty("app.SetCard")
	}
	card := strings.TrimSpace(c.Card)
	switch {
	case !p.Kind.Is(master.Customer):
		return struct{}{}, fault.Bad("app.SetCard", "doc.party-role.customer", "field", "party", "name", x.nameOf(p))
	case card == "":
		if has, err := stored(x.Tx, p.ID); err != nil {
			return struct{}{}, err
		} else if has != 0 {
			return struct{}{}, fault.New("app.SetCard", fault.Conflict, "member.has-value", fault.Pairs("name", x.nameOf(p), "have", has.String()))
		}
	case !strings.EqualFold(card, p.Card):
		other, err := x.memberByCard(card)
		if err == nil && other.ID != p.ID {
			return struct{}{}, fault.New("app.SetCard", fault.Conflict, "member.card-taken", fault.Pairs("card", card, "name", x.nameOf(other)))
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return struct{}{}, err
		}
	}
	p.Card = card
	if err := p.Check(); err != nil {
		return struct{}{}, err
	}
	x.Object("party:" + p.Code)
	x.Changed("parties")
	_, err = x.Tx.SaveParty(p)
	return struct{}{}, err
}
