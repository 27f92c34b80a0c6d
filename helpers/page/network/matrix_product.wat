;; The product of two matrices of float32, four columns at a time (SIMD).
;;
;; `multiply` computes product[i, j] as the sum of left[i, k] * right[k, j] over all k. The numbers of
;; `right` and `product` lie row by row. For the numbers of `left` there are indices: left[i, k] is
;; the number of the array `numbers` that index i * row_stride + k * inner_stride names. So a number
;; may stand in `left` many times, as a pixel does that lies under many windows. Addresses are in
;; bytes.
;;
;; Each number of `left` adds a multiple of a row of `right` to a row of `product`. Where the number
;; is 0, this work is left out. After ReLU and pooling, most derivatives are 0.
;;
;; After a change, a test of test_matrix_product.py says what belongs into matrix_product_binary.js.
(module
  ;; These 16 MB are enough for most networks. Chromium's arrays become slower once a memory has grown.
  (memory (export "memory") 256)

  (func (export "multiply")
    (param $rows i32) (param $inner i32) (param $columns i32)
    (param $numbers i32) (param $indices i32) (param $row_stride i32) (param $inner_stride i32)
    (param $right i32) (param $product i32)

    (local $width i32)      ;; of a row of `right` and of `product`, in bytes
    (local $index_at i32)   ;; the address of the index of left[i, k]
    (local $source i32)     ;; the address of right[k, j]
    (local $target i32)     ;; the address of product[i, j]
    (local $end i32)        ;; of the row of `product`
    (local $last_four i32)  ;; where fewer than four numbers of this row are left
    (local $count i32)      ;; of the numbers of the row of `left` that are still to come
    (local $factor f32)     ;; left[i, k]
    (local $factors v128)   ;; the same number, four times

    (local.set $width (i32.mul (local.get $columns) (i32.const 4)))
    (local.set $row_stride (i32.mul (local.get $row_stride) (i32.const 4)))
    (local.set $inner_stride (i32.mul (local.get $inner_stride) (i32.const 4)))
    (loop $next_row
      (local.set $end (i32.add (local.get $product) (local.get $width)))
      (local.set $last_four
        (i32.add (local.get $product) (i32.and (local.get $width) (i32.const -16))))
      (memory.fill (local.get $product) (i32.const 0) (local.get $width))
      (local.set $index_at (local.get $indices))
      (local.set $source (local.get $right))
      (local.set $count (local.get $inner))

      (loop $next_factor
        (local.set $factor
          (f32.load
            (i32.add
              (local.get $numbers)
              (i32.mul (i32.load (local.get $index_at)) (i32.const 4)))))
        (if (f32.eq (local.get $factor) (f32.const 0))
          (then (local.set $source (i32.add (local.get $source) (local.get $width))))
          (else
            (local.set $factors (f32x4.splat (local.get $factor)))
            (local.set $target (local.get $product))

            (block $no_four
              (loop $next_four
                (br_if $no_four (i32.ge_u (local.get $target) (local.get $last_four)))
                (v128.store (local.get $target)
                  (f32x4.add
                    (v128.load (local.get $target))
                    (f32x4.mul (local.get $factors) (v128.load (local.get $source)))))
                (local.set $source (i32.add (local.get $source) (i32.const 16)))
                (local.set $target (i32.add (local.get $target) (i32.const 16)))
                (br $next_four)))

            (block $row_is_done
              (loop $next_one
                (br_if $row_is_done (i32.ge_u (local.get $target) (local.get $end)))
                (f32.store (local.get $target)
                  (f32.add
                    (f32.load (local.get $target))
                    (f32.mul (local.get $factor) (f32.load (local.get $source)))))
                (local.set $source (i32.add (local.get $source) (i32.const 4)))
                (local.set $target (i32.add (local.get $target) (i32.const 4)))
                (br $next_one)))))

        (local.set $index_at (i32.add (local.get $index_at) (local.get $inner_stride)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br_if $next_factor (local.get $count)))

      (local.set $indices (i32.add (local.get $indices) (local.get $row_stride)))
      (local.set $product (local.get $end))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $next_row (local.get $rows)))))
