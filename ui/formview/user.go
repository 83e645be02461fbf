package formview

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// userRow is an account of a person who signs in.
type userRow struct {
	user     app.User
	role     string
	reach    access.Reach
	roles    []access.Role
	places   []master.Warehouse
	password string
	summary  *control.Words
}

func userForm(env *page.Env, id int64, _ string) *desc {
	r := &userRow{user: app.User{ID: id}, role: string(access.Cashier)}
	u := &r.user
	return &desc{
		title: titled(&u.ID, &u.Name, "formview.new.user"), readOnly: !env.Session.May(access.UserEdit), areas: []string{"users"},
		isNew: func() bool { return u.ID == 0 }, disabled: func() bool { return u.Disabled }, disable: func(off bool) { u.Disabled = off },
		load: r.load, save: r.save, sections: r.sections,
	}
}

func (r *userRow) load(ctx context.Context, s *app.Session) (func(), error) {
	id := r.user.ID
	roles, err := app.Ask(ctx, s, app.Roles{})
	if err != nil {
		return nil, err
	}
	ps, err := ReadPlaces(ctx, s)
	if err != nil {
		return nil, err
	}
	places := slices.DeleteFunc(ps.Warehouses, func(w master.Warehouse) bool { return w.Lent })
	if id == 0 {
		return func() { r.roles, r.places, r.password = roles, places, "" }, nil
	}
	all, err := app.Ask(ctx, s, app.ListUsers{})
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		if u.ID == id {
			return func() {
				r.roles, r.places, r.password, r.user, r.role, r.reach = roles, places, "", u, string(u.Role), slices.Clone(u.Reach)
			}, nil
		}
	}
	return nil, fault.New("formview.user", fault.NotFound, "user.unknown", nil)
}

// save makes the account, or gives it another role, state or password. Each is
// a command of its own with its own entry in the log.
func (r *userRow) save() func(context.Context, *app.Session) (int64, error) {
	u, role, password, reach := r.user, access.RoleID(r.role), r.password, slices.Clone(r.reach)
	return func(ctx context.Context, s *app.Session) (int64, error) {
		if u.ID == 0 {
			return app.Do(ctx, s, app.AddUser{Name: u.Name, Password: password, Role: role, Reach: reach})
		}
		if _, err := app.Do(ctx, s, app.ChangeUser{Name: u.Name, Role: role, Disabled: u.Disabled}); err != nil {
			return u.ID, err
		}
		if !slices.Equal(reach, u.Reach) {
			if _, err := app.Do(ctx, s, app.SetReach{Name: u.Name, Reach: reach}); err != nil {
				return u.ID, err
			}
		}
		if password == "" {
			return u.ID, nil
		}
		_, err := app.Do(ctx, s, app.ResetPassword{Name: u.Name, Password: password})
		return u.ID, err
	}
}

func (r *userRow) sections() []section {
	name := required(str("name", "formview.user.name", words, &r.user.Name))
	if r.user.ID != 0 {
		name.off = true // the log names people: a name stays theirs
	}
	r.summary = control.NewWords("", noteWidth)
	r.summary.Color = theme.NameMuted
	r.explain(r.role)
	role := required(&field{key: "role", label: "report.col.role", kind: choice, options: r.roleOptions,
		get: func() string { return r.role }, set: func(v string) error { r.role = v; return nil }, changed: func(f *Form, v string) { r.explain(v); f.root.Refresh() }})
	pw := &field{key: "password", label: "formview.password", kind: secret, set: func(s string) error { r.password = s; return nil },
		context: func(*Form) []string { return []string{r.user.Name} }, owner: func(*Form) bool { return r.role == string(access.Owner) }}
	second := "formview.section.password"
	if r.user.ID != 0 {
		second = "formview.section.reset"
		pw.hint = "formview.password.reset"
	} else {
		pw.must = true
	}
	who := []*field{name, role}
	if len(r.placeOptions()) > 1 || len(r.reach) > 0 { // with one warehouse there is nothing to choose
		who = append(who, &field{key: "reach", label: "formview.user.reach", kind: many, wide: true, hint: "formview.user.reach.hint", options: r.placeOptions, get: r.reachText, set: r.setReach})
	}
	who = append(who, &field{kind: other, label: "formview.role.may", object: func(*Form) fyne.CanvasObject { return r.summary }})
	return []section{
		{"formview.section.person", who},
		{second, []*field{pw}},
	}
}

// placeOptions are the warehouses somebody may be held to.
func (r *userRow) placeOptions() []control.Option {
	var out []control.Option
	for _, w := range r.places {
		if !w.Disabled || slices.Contains(r.reach, w.ID) {
			out = append(out, control.Option{Value: strconv.FormatInt(w.ID, 10), Text: w.Name, Search: w.Code})
		}
	}
	return out
}

func (r *userRow) reachText() string {
	var ids []string
	for _, id := range r.reach {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	return strings.Join(ids, " ")
}

func (r *userRow) setReach(s string) error {
	r.reach = nil
	for _, v := range strings.Fields(s) {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return err
		}
		r.reach = append(r.reach, id)
	}
	return nil
}

func (r *userRow) roleOptions() []control.Option {
	var out []control.Option
	for _, x := range r.roles {
		out = append(out, control.Option{Value: string(x.ID), Text: RoleName(x), Search: string(x.ID)})
	}
	return out
}

// RoleName is a role as people call it.
func RoleName(r access.Role) string {
	if r.Name != "" {
		return r.Name
	}
	return text.T("role." + string(r.ID))
}

// explain says in plain words what a role may do.
func (r *userRow) explain(id string) {
	for _, x := range r.roles {
		if string(x.ID) == id {
			r.summary.SetText(RoleWords(x))
			return
		}
	}
	r.summary.SetText("")
}

// RoleWords tells a role in words: its purpose, what it sees, and what wants
// somebody else.
func RoleWords(r access.Role) string {
	var out []string
	if k := "formview.role." + string(r.ID); text.Has(k) {
		out = append(out, text.T(k))
	}
	var hidden []string
	for _, f := range access.Fields {
		if r.Sees(f) == access.Hidden {
			hidden = append(hidden, text.T("formview.field."+string(f)))
		}
	}
	if len(hidden) > 0 {
		out = append(out, text.T("formview.role.hidden", "what", strings.Join(hidden, text.T("formview.and"))))
	}
	var second []string
	for _, p := range access.Permissions() {
		if g, ok := r.Grants[p]; ok && g.Confirm == access.Second && text.Has("action."+string(p)) {
			second = append(second, text.T("action."+string(p)))
		}
	}
	if len(second) > 0 {
		out = append(out, text.T("formview.role.second", "what", strings.Join(second, text.T("formview.and"))))
	}
	return strings.Join(out, "\n")
}

// ReadPlaces reads the warehouses somebody may work in, for who may know them.
func ReadPlaces(ctx context.Context, s *app.Session) (app.PlaceList, error) {
	if !s.May(access.PlaceView) {
		return app.PlaceList{}, nil
	}
	return app.Ask(ctx, s, app.Places{})
}
