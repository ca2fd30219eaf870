package orderedjson

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDecode agrees with the standard library on everything but the order of keys, which it keeps.
func TestDecode(t *testing.T) {
	for _, text := range []string{
		`null`, ` true `, `false`, `0`, `-1.5e+10`, `9007199254740993`, `""`, `"plain"`, `"q\"b\\s\/u\u00e9\ud83d\ude00"`, `"Zoë"`,
		`[]`, `[ ]`, `{}`, `{ }`, `[1,2 , 3]`, `[[],[[]],{}]`, `{"a":1,"b":{"c":[null,{"d":"e"}]}}`,
		"\n{ \"b\" : 1 ,\t\"a\" : [ ] }\r\n", `{"":{"":""}}`, `{"a,b":"]}","c":"\\"}`, "\"\xff\"",
	} {
		got, err := Decode([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var want any
		d := json.NewDecoder(bytes.NewReader([]byte(text)))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, Plain(got)); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
		if again, err := Decode(Encode(got)); err != nil || !cmp.Equal(got, again, cmp.AllowUnexported(Member{})) {
			t.Errorf("%s is written as %s", text, Encode(got))
		}
	}
	v, _ := Decode([]byte(`{"z":1,"a":2,"m":3,"a":4}`))
	want := Object{{"z", json.Number("1")}, {"a", json.Number("2")}, {"m", json.Number("3")}, {"a", json.Number("4")}}
	if diff := cmp.Diff(want, v, cmp.AllowUnexported(Member{})); diff != "" {
		t.Errorf("order:\n%s", diff)
	}
	for _, text := range []string{``, ` `, `{`, `{"a"}`, `[1,]`, `{"a":1,}`, `nul`, `"open`, `1 2`, `<html>`, `{"a":1}{}`, `'a'`} {
		if v, err := Decode([]byte(text)); err == nil {
			t.Errorf("%q should be no JSON, got %v", text, v)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"a":[1,"\u0041",null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Decode(data)
		if (err == nil) != json.Valid(data) {
			t.Fatalf("%q: %v", data, err)
		}
		if err != nil {
			return
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Skip("too deep for the library")
		}
		if diff := cmp.Diff(want, Plain(got)); diff != "" {
			t.Error(diff)
		}
	})
}
