package app_test

import (
	"context"
	"os"
	"path/filepath"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
)

// masterRows are what the use cases of master data name: an employee, a field
// of the owner's, two items and two parties that were merged, and two of each
// that could be.
type masterRows struct {
	employee, field      int64
	sameItem, goneItem   int64
	sameParty, goneParty int64
	imported             int64
}

// furnish makes them, by the owner.
func (w *world) furnish() {
	ctx := app.WithPassword(context.Background(), worldPassword)
	w.employee = lasting(w, ctx, app.SaveEmployee{Employee: master.Employee{Code: "E1", Name: "Chen", Phone: "13600004444"}})
	w.field = lasting(w, ctx, app.SaveCustomField{Field: master.CustomField{Entity: master.OfItem, Name: "Origin", Type: master.CustomText, Listed: true}})
	w.sameItem = lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "T1", Name: "Twin", Unit: "pc", Category: "Food"}})
	w.goneItem = lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "T2", Name: "Twin two", Unit: "pc"}})
	w.sameParty = lasting(w, ctx, app.SaveParty{Party: master.Party{Code: "T1", Name: "Twin", Kind: master.Customer}})
	w.goneParty = lasting(w, ctx, app.SaveParty{Party: master.Party{Code: "T2", Name: "Twin two", Kind: master.Customer}})
	file := filepath.Join(w.t.TempDir(), "made.csv")
	if err := os.WriteFile(file, []byte("商品编码,商品名称,单位\nY1,Flour,kg\n"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	in, err := app.ReadImport(file, sheet.ItemsKind)
	if err != nil {
		w.t.Fatal(err)
	}
	lasting(w, ctx, app.ImportSheet{Import: in})
	made, err := app.Ask(ctx, w.self, app.LastImport{Kind: sheet.ItemsKind})
	if err != nil {
		w.t.Fatal(err)
	}
	w.imported = made.ID
	lasting(w, ctx, app.Merge{Entity: master.OfItem, Kept: w.sameItem, Dropped: w.goneItem, Reason: "entered twice"})
	lasting(w, ctx, app.Merge{Entity: master.OfParty, Kept: w.sameParty, Dropped: w.goneParty, Reason: "entered twice"})
}

func masterUses() []use {
	return []use{
		query("Employees", false, func(*world, bool) app.Employees { return app.Employees{} }),
		query("GetEmployee", false, func(w *world, _ bool) app.GetEmployee { return app.GetEmployee{ID: w.employee} }),
		command("SaveEmployee", false, func(*world, bool) app.SaveEmployee {
			return app.SaveEmployee{Employee: master.Employee{Code: "E9", Name: "Lin"}}
		}),
		query("Owners", false, func(*world, bool) app.Owners { return app.Owners{} }),
		query("CustomFields", false, func(*world, bool) app.CustomFields { return app.CustomFields{Entity: master.OfItem, All: true} }),
		query("CustomUsed", false, func(w *world, _ bool) app.CustomUsed { return app.CustomUsed{ID: w.field} }),
		command("SaveCustomField", false, func(*world, bool) app.SaveCustomField {
			return app.SaveCustomField{Field: master.CustomField{Entity: master.OfParty, Name: "District", Type: master.CustomText}}
		}),
		query("Categories", false, func(*world, bool) app.Categories { return app.Categories{} }),
		command("AddCategory", false, func(*world, bool) app.AddCategory { return app.AddCategory{Parent: "Food", Name: "Tea"} }),
		command("MoveCategory", false, func(*world, bool) app.MoveCategory { return app.MoveCategory{Path: "Food", Name: "Foods"} }),
		command("SortCategory", false, func(*world, bool) app.SortCategory { return app.SortCategory{Path: "Food", By: 1} }),
		command("DropCategory", false, func(*world, bool) app.DropCategory { return app.DropCategory{Path: "Food", None: true} }),
		query("MergePlan of items", false, func(w *world, _ bool) app.MergePlan {
			return app.MergePlan{Entity: master.OfItem, Kept: w.gone, Dropped: w.sameItem}
		}),
		query("MergePlan of parties", false, func(w *world, _ bool) app.MergePlan {
			return app.MergePlan{Entity: master.OfParty, Kept: w.credit, Dropped: w.sameParty}
		}),
		command("Merge items", false, func(w *world, _ bool) app.Merge {
			return app.Merge{Entity: master.OfItem, Kept: w.gone, Dropped: w.sameItem, Reason: "entered twice"}
		}),
		command("Merge parties", false, func(w *world, _ bool) app.Merge {
			return app.Merge{Entity: master.OfParty, Kept: w.credit, Dropped: w.sameParty, Reason: "entered twice"}
		}),
		command("Unmerge an item", false, func(w *world, _ bool) app.Unmerge {
			return app.Unmerge{Entity: master.OfItem, Dropped: w.goneItem, Reason: "two after all"}
		}),
		command("Unmerge a party", false, func(w *world, _ bool) app.Unmerge {
			return app.Unmerge{Entity: master.OfParty, Dropped: w.goneParty, Reason: "two after all"}
		}),
		query("LastImport", false, func(*world, bool) app.LastImport { return app.LastImport{Kind: sheet.ItemsKind} }),
		command("UndoImport", false, func(w *world, _ bool) app.UndoImport {
			return app.UndoImport{Kind: sheet.ItemsKind, ID: w.imported}
		}),
		query("History of an item", false, func(w *world, _ bool) app.History { return app.History{Entity: master.OfItem, ID: w.item} }),
		query("History of a party", true, func(w *world, own bool) app.History {
			return app.History{Entity: master.OfParty, ID: pick(own, w.mine, w.customer)}
		}),
		query("Usage of an item", false, func(w *world, _ bool) app.Usage { return app.Usage{Entity: master.OfItem, ID: w.item} }),
		query("Usage of a party", true, func(w *world, own bool) app.Usage {
			return app.Usage{Entity: master.OfParty, ID: pick(own, w.mine, w.customer)}
		}),
		query("PartyView of a customer", true, func(w *world, own bool) app.PartyView {
			return app.PartyView{ID: pick(own, w.mine, w.customer)}
		}),
		wire("Employee", app.Wire{Code: "E9", Name: "Lin"}),
	}
}
