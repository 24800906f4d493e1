#!/usr/bin/env bash
# With:     github.com/parquet-go/parquet-go 0.32.0.
# Expected: a typed reader that is given a file of another type converts the value or reports an error.
# Seen:     parquet.Read[T] of parquet-go reports nothing and answers: decimal(10,2) read as decimal(12,4): 1.50 is 0.0150 (the unscaled
#           digits are kept); int64 5000000000 read as int32: 705032704; uint32 4000000000 read as int64, which would hold it: -294967296;
#           a timestamp of 1969-12-31 read as date: 1970-01-01; a column that the file lacks, or has as Total instead of total: 0 in every row.
# Lake:     every change that a contract calls breaking, and the widenings that Athena reads right, reach a Go service as wrong numbers.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

mkdir reader
cat >reader/main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/parquet-go/parquet-go"
)

type written struct {
	Amount int64     `parquet:"amount,decimal(2:10)"`
	Big    int64     `parquet:"big"`
	Count  uint32    `parquet:"count"`
	At     time.Time `parquet:"at,timestamp(millisecond)"`
	Total  int64     `parquet:"Total"`
}

func read[T any](file []byte) T {
	rows, err := parquet.Read[T](bytes.NewReader(file), int64(len(file)))
	if err != nil {
		fmt.Println("behaviour changed:", err)
		os.Exit(1)
	}
	return rows[0]
}

func main() {
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[written](&file)
	writer.Write([]written{{150, 5_000_000_000, 4_000_000_000, time.Date(1969, 12, 31, 18, 0, 0, 0, time.UTC), 7}})
	if err := writer.Close(); err != nil {
		panic(err)
	}
	scaled := read[struct {
		Amount int64 `parquet:"amount,decimal(4:12)"`
	}](file.Bytes()).Amount
	narrow := read[struct {
		Big int32 `parquet:"big"`
	}](file.Bytes()).Big
	unsigned := read[struct {
		Count int64 `parquet:"count"`
	}](file.Bytes()).Count
	day := read[struct {
		At int32 `parquet:"at,date"`
	}](file.Bytes()).At
	renamed := read[struct {
		Total int64 `parquet:"total"`
	}](file.Bytes()).Total
	fmt.Printf("decimal(10,2) 1.50 as decimal(12,4): %d.%04d\n", scaled/10000, scaled%10000)
	fmt.Println("int64 5000000000 as int32:", narrow)
	fmt.Println("uint32 4000000000 as int64:", unsigned)
	fmt.Println("1969-12-31 18:00 as date:", time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly))
	fmt.Println("column Total as total:", renamed)
	if scaled != 150 || narrow != 705032704 || unsigned != -294967296 || day != 0 || renamed != 0 {
		fmt.Println("behaviour changed")
		os.Exit(1)
	}
}
GO
cd reader
{ go mod init reader && go get github.com/parquet-go/parquet-go@v0.32.0; } 2>go.log || { cat go.log; exit 1; }
go run .
