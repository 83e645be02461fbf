package printing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
)

// words gives texts from the catalogue; keys of other areas that these papers
// are filled with have stand-ins here.
func words(t *testing.T, lang string) Texts {
	t.Helper()
	b, err := os.ReadFile("../../assets/i18n/printing." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"x.delivery": "销售出库单", "x.sale": "零售小票", "x.close": "日结单", "x.number": "单号", "x.date": "日期", "x.cashier": "收银员", "x.total": "应收", "x.paid": "微信", "x.change": "找零",
		"x.party": "客户", "x.phone": "电话", "x.address": "地址", "x.place": "仓库", "x.user": "业务员", "x.no": "序号", "x.code": "商品编码", "x.name": "商品名称", "x.spec": "规格", "x.unit": "单位", "x.qty": "数量",
		"x.price": "单价", "x.amount": "金额", "x.note": "备注", "x.made": "制单", "x.sent": "送货", "x.got": "收货人签字", "x.owe": "本单欠款", "x.before": "之前欠款", "x.sales": "销售", "x.bills": "单数",
		"x.cash": "现金", "x.counted": "实点现金", "x.diff": "差额", "x.back": "退货", "x.paysec": "收款方式", "x.cashsec": "现金核对",
	} {
		m[k] = v
	}
	return func(key string, nv ...any) string {
		s, ok := m[key]
		if !ok {
			t.Errorf("no text for %s", key)
		}
		for i := 0; i+1 < len(nv); i += 2 {
			s = strings.ReplaceAll(s, fmt.Sprintf("{%v}", nv[i]), fmt.Sprint(nv[i+1]))
		}
		return s
	}
}

func sampleSlip() Slip {
	return Slip{Shop: "好邻居便利店（人民路店）", TitleKey: "x.sale", Reprint: true, Head: []Field{{"x.number", "LS-20261122-0001"}, {"x.date", "2026-11-22 18:02"}, {"x.cashier", "小王"}},
		Items:  []SlipItem{{"农夫山泉饮用天然水 550ml*24 家庭量贩装整箱优惠", "2 箱", "36.00", "72.00"}, {"康师傅红烧牛肉面 105g", "12 桶", "4.50", "54.00"}, {"散装花生米", "1.235 kg", "15.80", "19.51"}, {"A4 copy paper 80g Premium Office White", "100000", "123456.50", "12,345,650,000.00"}},
		Totals: []Field{{"x.total", "145.51"}, {"x.paid", "150.00"}, {"x.change", "4.49"}}, Foot: []string{"谢谢惠顾，欢迎再来", "电话 0531-88886666  如需退换请保留小票，七日内有效"}, LogHead: "8F3A-77C1-D0E2", Code: "LS-20261122-0001", Drawer: true}
}

func sampleClose() Slip {
	return Slip{Shop: "好邻居便利店", TitleKey: "x.close", Head: []Field{{"x.date", "2026-11-22"}, {"x.cashier", "小王"}}, Totals: []Field{{"x.sales", "3,482.60"}, {"x.bills", "97"}, {"x.back", "-12.00"}},
		Sections: []Section{{"x.paysec", []Field{{"x.cash", "812.30"}, {"x.paid", "2,670.30"}}}, {"x.cashsec", []Field{{"x.cash", "1,312.30"}, {"x.counted", "1,310.00"}, {"x.diff", "-2.30"}}}}, LogHead: "8F3A-77C1-D0E2"}
}

func sampleDocument(lines int) Document {
	m := amount.Money(123456789)
	d := Document{Shop: "济南华兴商贸有限公司", TitleKey: "x.delivery", Number: "XS-20261122-0001", Reprint: true,
		Head:    []Field{{"x.party", "城东好又多便利店（学府路分店）"}, {"x.date", "2026-11-22"}, {"x.place", "后仓"}, {"x.phone", "13800001111"}, {"x.address", "长江路建材市场西门 18 号楼 2 单元 301 室旁边的门市房"}, {"x.user", "刘会计"}},
		Columns: []DocumentColumn{{"x.no", 4, true}, {"x.code", 10, false}, {"x.name", 28, false}, {"x.spec", 12, false}, {"x.unit", 5, false}, {"x.qty", 9, true}, {"x.price", 10, true}, {"x.amount", 12, true}, {"x.note", 10, false}},
		Totals:  []string{"", "合计", "", "", "", "1,234", "", "1,234,567.89", ""}, Amount: &m, Money: []Field{{"x.paid", "0.00"}, {"x.owe", "1,234,567.89"}},
		Note: "请当面点清，破损当场调换，过后概不负责；货款月底结清。", Foot: []Field{{"x.address", "长江路建材市场西门 18 号"}, {"x.phone", "0531-88886666"}}, Signs: []string{"x.made", "x.sent", "x.got"}, LogHead: "8F3A-77C1-D0E2"}
	for i := range lines {
		name := "康师傅红烧牛肉面"
		if i%4 == 1 {
			name = "海天金标生抽酿造酱油家庭实惠装买一送一促销款（新包装）"
		}
		d.Rows = append(d.Rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("SP%05d", i+1), name, "105g*12", "箱", "12", "1,054.333333", "12,652.00", "赠品"})
	}
	return d
}

func sampleReport(n int) Report {
	r := Report{Title: "销售明细", Lines: []string{"日期 2026-11-01 至 2026-11-30   仓库：全部   客户：全部"}, Footer: "老板 2026-11-22 18:05 打印  日志 8812",
		Columns: []ReportColumn{{"日期", 11, false}, {"单号", 18, false}, {"类型", 10, false}, {"往来单位", 22, false}, {"编码", 12, false}, {"商品", 28, false}, {"规格", 12, false}, {"单位", 6, false}, {"数量", 11, true}, {"单价", 11, true}, {"金额", 13, true}, {"成本", 13, true}, {"毛利", 13, true}, {"毛利率", 9, true}, {"经手人", 10, false}},
		Totals:  []string{"合计", "", "", "", "", "", "", "", "12,345.5", "", "123,456,789.00", "98,765,432.00", "24,691,357.00", "20.00%", ""}}
	for i := range n {
		r.Rows = append(r.Rows, []string{"2026-11-22", "XS-20261122-0001", "销售出库", "城东好又多便利店（学府路分店）", fmt.Sprintf("SP%05d", i), "农夫山泉饮用天然水 550ml 家庭装", "550ml*24", "箱", "12", "36.00", "432.00", "316.80", "115.20", "26.67%", "小王"})
	}
	return r
}

// TestSamples draws every paper; with TIEZHANG_PAPERS set to a folder it leaves
// them there to be looked at.
func TestSamples(t *testing.T) {
	zh := words(t, "zh-Hans")
	groups := []string{"048213", "771936", "105820", "662904", "330187", "918245", "507716", "286440", "000341"}
	short := sampleReport(30)
	short.Columns, short.Totals = short.Columns[:6], nil
	for name, draw := range map[string]func(*bytes.Buffer) error{
		"kit": func(b *bytes.Buffer) error {
			return RecoveryKit(b, "好邻居便利店", "张建国", day.Must("2026-11-22"), groups, zh)
		},
		"kit-en": func(b *bytes.Buffer) error {
			return RecoveryKit(b, "Good Neighbour", "Zhang Jianguo", day.Must("2026-11-22"), groups, words(t, "en"))
		},
		"code": func(b *bytes.Buffer) error {
			return OneTimeCode(b, "好邻居便利店", "小陈", "2026-11-25 09:00", groups[:5], zh)
		},
		"code-en": func(b *bytes.Buffer) error {
			return OneTimeCode(b, "Good Neighbour", "Chen Xiaoyu", "2026-11-25 09:00", groups[:5], words(t, "en"))
		},
		"slip80":   func(b *bytes.Buffer) error { return SlipPDF(b, sampleSlip(), Paper80, zh) },
		"slip58":   func(b *bytes.Buffer) error { return SlipPDF(b, sampleSlip(), Paper58, zh) },
		"close":    func(b *bytes.Buffer) error { return SlipPDF(b, sampleClose(), Paper80, zh) },
		"doc-a4":   func(b *bytes.Buffer) error { return DocumentPDF(b, sampleDocument(60), A4, zh) },
		"doc-241":  func(b *bytes.Buffer) error { return DocumentPDF(b, sampleDocument(12), Form140, zh) },
		"doc-93":   func(b *bytes.Buffer) error { return DocumentPDF(b, sampleDocument(3), Form93, zh) },
		"report":   func(b *bytes.Buffer) error { return ReportPDF(b, sampleReport(70), zh) },
		"report-6": func(b *bytes.Buffer) error { return ReportPDF(b, short, zh) },
	} {
		var b bytes.Buffer
		if err := draw(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || b.Len() < 2000 {
			t.Errorf("%s: no PDF", name)
		}
		if dir := os.Getenv("TIEZHANG_PAPERS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
