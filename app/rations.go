package app

import (
	"strconv"
	"time"

	"tiezhang/app/day"
	"tiezhang/app/fault"
)

// What is rationed by the day.
const (
	rationExport = "export"
	rationUnmask = "unmask"
)

// SettingClockSeen is the number of the log entry since which the clock is
// believed: whoever has seen that it ran ahead has also seen what time it is.
const SettingClockSeen = "clock.seen"

// rationDay is the day a ration is counted on: the clock's, or the latest the log
// knows where the clock was set back. So a day that was borrowed by setting the
// clock forward is used up when it comes, and today's ration is not given twice.
func (x *Exec) rationDay() (day.Date, error) {
	seen, err := x.Tx.Setting(SettingClockSeen)
	if err != nil {
		return 0, err
	}
	from, _ := strconv.ParseInt(seen, 10, 64) // none yet: the whole log
	ms, err := x.Tx.HighTime(from)
	if err != nil {
		return 0, err
	}
	return max(x.today(), day.Of(time.UnixMilli(ms).In(x.Now.Location()))), nil
}

// believeClock says that the clock is right as it is now.
func (x *Exec) believeClock() error {
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return err
	}
	return x.Tx.SetSetting(SettingClockSeen, strconv.FormatInt(seq+1, 10))
}

// rationed gives what a person used of something today.
func (x *Exec) rationed(what string) (int, error) {
	d, err := x.rationDay()
	if err != nil {
		return 0, err
	}
	return x.Tx.Rationed(x.S.user.ID, d, what)
}

// ration takes n from what a person may have of something today; most 0 means
// there is no ration, and what was taken is counted all the same.
func (x *Exec) ration(what string, n, most int, key string) error {
	d, err := x.rationDay()
	if err != nil {
		return err
	}
	used, err := x.Tx.Rationed(x.S.user.ID, d, what)
	if err != nil {
		return err
	}
	if most > 0 && used+n > most {
		return fault.New("app.ration", fault.Denied, key, fault.Pairs("most", most, "used", used, "want", n))
	}
	if n == 0 {
		return nil
	}
	return x.Tx.AddRation(x.S.user.ID, d, what, n)
}
