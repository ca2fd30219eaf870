package fakeaircall

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"
)

// BenchmarkMillionCalls measures a company of a million calls: seconds to seed
// it, bytes a call, and what pages of all kinds cost beside the first page of a
// company of a thousand.
func BenchmarkMillionCalls(b *testing.B) {
	server := func(calls int) *Server {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		started := time.Now()
		srv := RunT(b, Options{Clock: noon, RateLimit: NoRateLimit, Calls: calls})
		srv.accounts()[0].prepare()
		took := time.Since(started)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.Logf("%d calls: seeded in %s, %d bytes a call", calls, took.Round(time.Millisecond), (after.HeapAlloc-before.HeapAlloc)/uint64(calls))
		return srv
	}
	small, large := server(1000), server(MaxCalls)
	account := large.Account("default")
	tags, _, err := account.Tags(Query{})
	users, _, err2 := account.Users(Query{})
	lines, _, err3 := account.Numbers(Query{})
	calls, _, err4 := account.Calls(Query{Limit: 1})
	if err := errors.Join(err, err2, err3, err4); err != nil {
		b.Fatal(err)
	}
	tag, user := fmt.Sprint(tags[10].ID), fmt.Sprint(users[3].ID)
	line, phone := digits(lines[0].Digits), digits(calls[0].Party)
	b.Run("thousand/first", func(b *testing.B) { pages(b, small, "/v1/calls?per_page=20") })
	for name, query := range map[string]string{
		"first": "/v1/calls?per_page=20", "last reachable": "/v1/calls?per_page=20&page=500", "newest": "/v1/calls?per_page=20&order=desc",
		"window":  fmt.Sprintf("/v1/calls?per_page=20&from=%d&to=%d&page=40", noon.Unix()-90*day, noon.Unix()-30*day),
		"inbound": "/v1/calls/search?per_page=20&direction=inbound&page=300", "user": "/v1/calls/search?per_page=20&user_id=" + user + "&page=7",
		"tag": "/v1/calls/search?per_page=20&tags[]=" + tag + "&page=7", "line": "/v1/calls/search?per_page=20&phone_number=" + line, "phone": "/v1/calls/search?per_page=20&phone_number=" + phone,
		"inbound of user":          "/v1/calls/search?per_page=20&direction=inbound&user_id=" + user,
		"inbound with tag":         "/v1/calls/search?per_page=20&direction=inbound&tags[]=" + tag,
		"user, tag and line":       "/v1/calls/search?per_page=20&user_id=" + user + "&tags[]=" + tag + "&phone_number=" + line,
		"inbound on line, newest":  "/v1/calls/search?per_page=20&order=desc&direction=inbound&phone_number=" + line,
		"inbound with tag, page 9": "/v1/calls/search?per_page=20&page=9&direction=inbound&tags[]=" + tag,
	} {
		b.Run("million/"+name, func(b *testing.B) { pages(b, large, query) })
	}
}

func pages(b *testing.B, srv *Server, path string) {
	conn := dial(b, srv.URL()[len("http://"):])
	request := "GET " + path + " HTTP/1.1\r\nHost: aircall.test\r\nAuthorization: Bearer fake-default-bearer\r\n\r\n"
	for b.Loop() {
		if status, body, err := ask(conn, request); status != 200 || err != nil {
			b.Fatalf("%d %v %s", status, err, body)
		}
	}
}
