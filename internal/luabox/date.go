package luabox

import (
	"fmt"
	"math"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// openOS sets the clock of the library os. Dates are in UTC, whatever the time zone of the machine. gopher-lua's os.date
// lacks conversions and fields, and its os.time takes a date without a year for one in the year -1.
func (s *State) openOS(L *lua.LState) {
	library, start := L.NewTable(), time.Now()
	for name, f := range map[string]lua.LGFunction{
		"clock": func(L *lua.LState) int {
			L.Push(lua.LNumber(time.Since(start).Seconds()))
			return 1
		},
		"difftime": func(L *lua.LState) int {
			earlier := 0.0
			if L.Get(2) != lua.LNil {
				earlier = checkNumber(L, 2)
			}
			L.Push(lua.LNumber(math.Trunc(checkNumber(L, 1)) - math.Trunc(earlier) + 0)) // + 0: never -0
			return 1
		},
		"time": osTime, "date": s.osDate,
	} {
		library.RawSetString(name, L.NewFunction(s.Wrap("os."+name, f)))
	}
	L.SetGlobal("os", library)
}

// osTime implements os.time([table]).
func osTime(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		L.Push(lua.LNumber(time.Now().Unix()))
		return 1
	}
	t := checkTable(L, 1)
	field := func(name string, otherwise int) int {
		x, ok := toNumber(L.GetField(t, name))
		if !ok && otherwise < 0 {
			L.RaiseError("field '%s' missing in date table", name)
		} else if !ok || x != x {
			return otherwise
		}
		return int(max(min(x, math.MaxInt32), math.MinInt32))
	}
	sec, min, hour := field("sec", 0), field("min", 0), field("hour", 12)
	day, month, year := field("day", -1), field("month", -1), field("year", -1)
	L.Push(lua.LNil)
	if at := time.Date(year, time.Month(month), day, hour, min, sec, 0, time.UTC).Unix(); at != -1 { // an error in C
		L.Push(lua.LNumber(at))
	}
	return 1
}

// The first and the last second whose year is an int in C.
const firstSecond, lastSecond = -67768040609740800, 67767976233532799

// osDate implements os.date([format [, time]]).
func (s *State) osDate(L *lua.LState) int {
	layout, at := optText(L, 1, "%c"), time.Now().Unix()
	if L.Get(2) != lua.LNil {
		x := math.Trunc(checkNumber(L, 2))
		if !(firstSecond <= x && x <= lastSecond) {
			L.Push(lua.LNil)
			return 1
		}
		at = int64(x)
	}
	zone := "UTC"
	if rest, ok := strings.CutPrefix(layout, "!"); ok {
		layout, zone = rest, "GMT"
	}
	t := time.Unix(at, 0).UTC()
	if layout == "*t" {
		s.Spend(L, objectSize+9*entrySize)
		L.Push(dateTable(L, t))
		return 1
	}
	var b strings.Builder
	for layout != "" {
		text, rest, found := strings.Cut(layout, "%")
		b.WriteString(text)
		if found && rest == "" {
			b.WriteByte('%')
		} else if found {
			b.WriteString(dateField(t, rest[0], zone))
			rest = rest[1:]
		}
		if b.Len() > s.options.Limits.String {
			s.Raise(L, s.TooLong("os.date"))
		}
		s.CheckEnded(L)
		layout = rest
	}
	s.Spend(L, b.Len())
	L.Push(lua.LString(b.String()))
	return 1
}

func dateTable(L *lua.LState, t time.Time) *lua.LTable {
	date := L.NewTable()
	for name, n := range map[string]int{
		"year": t.Year(), "month": int(t.Month()), "day": t.Day(), "hour": t.Hour(), "min": t.Minute(), "sec": t.Second(),
		"wday": int(t.Weekday()) + 1, "yday": t.YearDay(),
	} {
		date.RawSetString(name, lua.LNumber(n))
	}
	date.RawSetString("isdst", lua.LFalse)
	return date
}

// dateField returns what strftime of the C library of Linux makes of % and a letter, in the C locale.
func dateField(t time.Time, letter byte, zone string) string {
	two := func(n int) string { return fmt.Sprintf("%02d", n) }
	blank := func(n int) string { return fmt.Sprintf("%2d", n) }
	in := func(layout string) string { return t.Format(layout) }
	twelve := (t.Hour()+11)%12 + 1
	isoYear, isoWeek := t.ISOWeek()
	monday := (int(t.Weekday()) + 6) % 7
	switch letter {
	case 'a':
		return in("Mon")
	case 'A':
		return in("Monday")
	case 'b', 'h':
		return in("Jan")
	case 'B':
		return in("January")
	case 'c':
		return in("Mon Jan _2 15:04:05 ") + fmt.Sprint(t.Year())
	case 'C':
		return two(floorDiv(t.Year(), 100))
	case 'd':
		return two(t.Day())
	case 'D', 'x':
		return in("01/02/") + two(floorMod(t.Year(), 100))
	case 'e':
		return blank(t.Day())
	case 'F':
		return fmt.Sprint(t.Year()) + in("-01-02")
	case 'g':
		return two(floorMod(isoYear, 100))
	case 'G':
		return fmt.Sprint(isoYear)
	case 'H':
		return two(t.Hour())
	case 'I':
		return two(twelve)
	case 'j':
		return fmt.Sprintf("%03d", t.YearDay())
	case 'k':
		return blank(t.Hour())
	case 'l':
		return blank(twelve)
	case 'm':
		return two(int(t.Month()))
	case 'M':
		return two(t.Minute())
	case 'n':
		return "\n"
	case 'p':
		return in("PM")
	case 'P':
		return in("pm")
	case 'r':
		return in("03:04:05 PM")
	case 'R':
		return in("15:04")
	case 's':
		return fmt.Sprint(t.Unix())
	case 'S':
		return two(t.Second())
	case 't':
		return "\t"
	case 'T', 'X':
		return in("15:04:05")
	case 'u':
		return fmt.Sprint(monday + 1)
	case 'U':
		return two((t.YearDay() + 6 - int(t.Weekday())) / 7)
	case 'V':
		return two(isoWeek)
	case 'w':
		return fmt.Sprint(int(t.Weekday()))
	case 'W':
		return two((t.YearDay() + 6 - monday) / 7)
	case 'y':
		return two(floorMod(t.Year(), 100))
	case 'Y':
		return fmt.Sprint(t.Year())
	case 'z':
		return "+0000"
	case 'Z':
		return zone
	case '%':
		return "%"
	}
	return "%" + string([]byte{letter})
}

func floorDiv(a, b int) int { return (a - floorMod(a, b)) / b }

func floorMod(a, b int) int { return (a%b + b) % b }
