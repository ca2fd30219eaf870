package fakeaircall

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Each benchmark runs over loopback on 16 connections, once against the fake and
// once against a bare net/http handler that writes the same bytes: their ratio
// is the figure, see docs/performance.md.
func BenchmarkPageOfCalls(b *testing.B) { benchmark(b, "GET", "/v1/calls?per_page=20", "") }
func BenchmarkContact(b *testing.B)     { benchmark(b, "GET", "/v1/contacts/5678", "") }
func BenchmarkCreate(b *testing.B)      { benchmark(b, "POST", "/v1/contacts", kim) }

const connections = 16

func benchmark(b *testing.B, method, path, body string) {
	srv := RunT(b, Options{Clock: noon, RateLimit: NoRateLimit})
	request := method + " " + path + " HTTP/1.1\r\nHost: aircall.test\r\nAuthorization: Bearer fake-default-bearer\r\n" +
		"Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
	addr := strings.TrimPrefix(srv.URL(), "http://")
	status, reply, err := ask(dial(b, addr), request)
	if err != nil || status >= 300 {
		b.Fatalf("%s %s: %d %s %v", method, path, status, reply, err)
	}
	b.Run("bare", func(b *testing.B) { load(b, bare(b, status, reply), request) })
	b.Run("fake", func(b *testing.B) { load(b, addr, request) })
}

// bare listens with a handler that reads the body and writes the reply's bytes.
func bare(b *testing.B, status int, reply []byte) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(reply)))
		w.WriteHeader(status)
		w.Write(reply)
	})}
	go srv.Serve(l)
	b.Cleanup(func() { srv.Close() })
	return l.Addr().String()
}

// load sends b.N requests over 16 connections, as cheaply as a client can.
func load(b *testing.B, addr, request string) {
	conns := make(chan *bufio.ReadWriter, connections)
	for range connections {
		conns <- dial(b, addr)
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.SetParallelism(connections) // times GOMAXPROCS: the channel keeps it to 16
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			conn := <-conns
			if _, _, err := ask(conn, request); err != nil {
				b.Error(err)
				return
			}
			conns <- conn
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

func dial(b *testing.B, addr string) *bufio.ReadWriter {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	return bufio.NewReadWriter(bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c))
}

func ask(conn *bufio.ReadWriter, request string) (status int, body []byte, err error) {
	conn.WriteString(request)
	if err := conn.Flush(); err != nil {
		return 0, nil, err
	}
	var head []byte
	for head == nil {
		if _, err := conn.Peek(conn.Reader.Buffered() + 1); err != nil {
			return 0, nil, err
		}
		there, _ := conn.Peek(conn.Reader.Buffered())
		if end := bytes.Index(there, []byte("\r\n\r\n")); end >= 0 {
			head = there[:end+len("\r\n\r\n")]
		}
	}
	status, _ = strconv.Atoi(string(head[len("HTTP/1.1 "):][:3]))
	_, rest, _ := bytes.Cut(head, []byte("\r\nContent-Length: "))
	told, _, _ := bytes.Cut(rest, []byte("\r\n"))
	length, err := strconv.Atoi(string(told))
	if err != nil {
		return status, nil, fmt.Errorf("a reply without a length, status %d", status)
	}
	conn.Discard(len(head))
	body = make([]byte, length)
	_, err = io.ReadFull(conn, body)
	return status, body, err
}
