package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// The rate of a page of 20 calls over loopback on 16 connections, without and with lines for a terminal that keeps up.
func BenchmarkTrafficLines(b *testing.B) {
	b.Run("without", func(b *testing.B) { pages(b, fakeaircall.Options{}) })
	b.Run("with", func(b *testing.B) {
		r, w, err := os.Pipe()
		if err != nil {
			b.Fatal(err)
		}
		defer w.Close()
		go io.Copy(io.Discard, r)
		lines := newTrafficLines(&process{stdout: w})
		pages(b, fakeaircall.Options{OnRequest: lines.addRequest})
		lines.end()
		if lines.requests < b.N || lines.unknown+lines.refused+lines.failed > 0 {
			b.Errorf("%d requests: %d lines, %d unknown, %d refused, %d failed", b.N, lines.requests, lines.unknown, lines.refused, lines.failed)
		}
	})
}

func pages(b *testing.B, o fakeaircall.Options) {
	o.Clock, o.RateLimit = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC), fakeaircall.NoRateLimit
	srv := fakeaircall.RunT(b, o)
	const connections, request = 16, "GET /v1/calls?per_page=20 HTTP/1.1\r\nHost: aircall.test\r\nAuthorization: Bearer fake-default-bearer\r\n\r\n"
	conns := make(chan *bufio.ReadWriter, connections)
	for range connections {
		c, err := net.Dial("tcp", strings.TrimPrefix(srv.URL(), "http://"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { c.Close() })
		conns <- bufio.NewReadWriter(bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c))
	}
	b.SetParallelism(connections)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c := <-conns
			c.WriteString(request)
			if err := c.Flush(); err != nil {
				b.Error(err)
				return
			}
			resp, err := http.ReadResponse(c.Reader, nil)
			if err != nil {
				b.Error(err)
				return
			}
			if _, err = io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
				b.Error(resp.Status, err)
				return
			}
			conns <- c
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}
