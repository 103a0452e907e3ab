//! Traditional characters that rules may meet, each followed by its simplified form.

/// Pairs in the order of their bytes, each character three bytes long.
const PAIRS: &str = "\
    亂乱來来個个們们偽伪備备傢家傳传債债傷伤僅仅價价儀仪億亿償偿優优儲储兒儿內内兩两冊册凈净凍冻\
    別别刪删則则創创劃划劇剧劉刘劑剂動动務务勝胜勞劳勢势勵励勸劝區区協协卻却參参叢丛吳吴員员問问\
    喚唤喪丧單单嗎吗嘔呕嘗尝噁恶嚇吓嚐尝嚴严國国圍围園园圓圆圖图團团報报場场塊块塵尘墊垫壇坛壓压\
    壞坏壯壮壽寿夠够夢梦夾夹奪夺奮奋婦妇媽妈嬰婴孫孙學学實实審审寫写寬宽寵宠將将專专尋寻對对導导\
    屆届屍尸屜屉層层屬属島岛峽峡嶄崭帥帅師师帳账帶带幣币幫帮幹干幾几庫库廁厕廂厢廠厂廢废廣广廳厅\
    張张強强彈弹彎弯彙汇後后徑径從从復复徵征徹彻恆恒恥耻悶闷悽凄惡恶惱恼愛爱態态慘惨慚惭慣惯慮虑\
    憂忧憤愤應应懶懒懷怀戀恋戰战戲戏戶户採采換换損损搖摇搶抢撐撑撥拨撿捡擊击擋挡擔担據据擠挤擰拧\
    擴扩擺摆擾扰攔拦攜携攪搅敗败敵敌數数斃毙斷断於于昇升時时暈晕暫暂曠旷曬晒書书會会朧胧東东條条\
    棄弃業业極极榮荣構构槍枪樂乐樓楼標标樣样樹树橋桥機机橫横檔档檢检檯台櫃柜欄栏權权歐欧歡欢歲岁\
    歷历歸归殘残殺杀殼壳毀毁氣气汙污決决沒没沖冲況况洩泄涼凉淚泪淨净淺浅減减測测渾浑湧涌湯汤準准\
    溝沟溫温滅灭滯滞滲渗滿满漢汉潑泼潔洁潛潜澆浇澤泽濃浓濕湿濟济瀉泻灑洒灣湾災灾為为烏乌無无煙烟\
    煩烦熱热燈灯燒烧燙烫爐炉爛烂爭争爺爷牆墙牽牵犧牺狀状狹狭猶犹獎奖獨独獲获瑣琐環环產产畢毕畫画\
    異异當当疊叠痺痹瘋疯瘡疮療疗癒愈癢痒癥症發发皺皱盜盗盡尽監监盤盘盪荡眾众睏困瞞瞒矇蒙碩硕確确\
    碼码礙碍礦矿祕秘禍祸禮礼稅税稜棱種种稱称穀谷積积穩稳窮穷竄窜竊窃競竞筆笔節节範范篩筛簡简簽签\
    糧粮紀纪約约紅红納纳純纯紙纸級级紛纷細细終终組组結结絕绝絡络給给統统絲丝綁绑經经維维網网緊紧\
    緒绪線线緣缘編编緩缓練练縫缝縮缩縱纵總总績绩繃绷織织繞绕繡绣繩绳繳缴續续纏缠罰罚罵骂罷罢羅罗\
    習习聞闻聯联聰聪聲声職职聽听肅肃脅胁脫脱腦脑腫肿腳脚膚肤膠胶膽胆臉脸臘腊臟脏臨临臺台與与興兴\
    舉举舊旧艙舱艱艰莊庄葉叶著着蓋盖蔥葱薑姜薦荐薩萨藍蓝藝艺藥药蘇苏蘭兰處处虛虚號号蝦虾螞蚂蟲虫\
    蠅蝇蠟蜡衊蔑術术衛卫衝冲裏里補补裝装裡里製制複复褲裤襪袜襯衬襲袭覆复見见覺觉觀观觸触訂订計计\
    訊讯討讨訓训記记訝讶訪访設设許许訴诉註注詐诈評评詛诅詞词詢询試试話话該该詳详誇夸誌志認认誘诱\
    語语誠诚誤误說说誰谁課课調调談谈請请論论諮咨諷讽諾诺謀谋謊谎講讲謝谢謹谨證证譏讥識识譯译譴谴\
    護护讀读變变讓让讚赞貓猫財财貨货販贩貪贪貫贯責责貴贵買买貸贷費费貼贴賄贿資资賓宾賞赏賠赔賣卖\
    賤贱質质賬账賴赖賺赚購购贈赠贏赢贓赃贖赎趕赶趨趋跡迹踐践蹤踪躍跃車车軌轨軍军軟软較较載载輔辅\
    輕轻輛辆輩辈輪轮輸输轉转轟轰辦办辭辞農农逕径這这連连週周進进遊游運运過过達达違违遞递遠远適适\
    遲迟選选遺遗還还邊边邏逻郵邮鄉乡鄭郑鄰邻醜丑醫医醬酱釀酿釋释釘钉針针鈍钝鈔钞鈕钮銀银銅铜銷销\
    鋪铺鋼钢錄录錢钱錯错錶表鍊炼鍋锅鍵键鎖锁鏈链鏡镜鐘钟鐵铁鑑鉴鑒鉴鑰钥鑽钻長长門门閃闪閉闭開开\
    閒闲間间閘闸閱阅闆板闊阔關关陣阵陰阴陳陈陸陆陽阳隊队階阶際际隨随險险隱隐隻只雖虽雙双雜杂雞鸡\
    離离難难雲云電电霧雾靂雳靈灵靜静韓韩響响頁页項项順顺須须預预頓顿頗颇領领頭头頸颈頻频顆颗題题\
    額额顏颜願愿類类顧顾顫颤顯显風风飄飘飛飞飯饭飲饮飽饱餅饼養养餓饿餘余館馆餵喂饅馒饋馈馬马駕驾\
    騎骑騙骗騰腾騷骚驅驱驗验驚惊驟骤髒脏髮发鬆松鬚须鬧闹魚鱼鳥鸟鴨鸭鹹咸鹽盐麥麦麵面麼么黃黄點点\
    黨党黴霉齊齐齒齿齡龄龍龙";

/// Which last twelve bits the traditional characters have: most others are known by theirs.
const SEEN: [u64; 64] = seen();

const fn seen() -> [u64; 64] {
    let mut seen = [0; 64];
    let mut rest = PAIRS.as_bytes();
    while let [_, b, c, _, _, _, after @ ..] = rest {
        let (b, c) = (*b & 63, *c & 63);
        let (mut row, mut at) = (0, 0);
        // An index would panic, for all the compiler knows.
        let mut rows: &mut [u64] = &mut seen;
        while let [first, others @ ..] = rows {
            if row == b {
                *first |= 1 << c;
                at = 64;
            }
            row += 1;
            at += 1;
            rows = if at < 64 { others } else { &mut [] };
        }
        rest = after;
    }
    seen
}

/// The simplified form of `it`, which may be itself.
pub(crate) fn simple(it: char) -> char {
    let code = u32::from(it);
    let row = SEEN.get((code >> 6 & 63) as usize).copied().unwrap_or_default();
    if !(0x4e00..0xa000).contains(&code) || row >> (code & 63) & 1 == 0 {
        return it;
    }
    let mut bytes = [0; 4];
    it.encode_utf8(&mut bytes);
    let [a, b, c, _] = bytes;
    let wanted = u32::from_be_bytes([0, a, b, c]);
    let (pairs, _) = PAIRS.as_bytes().as_chunks::<6>();
    let key = |[a, b, c, ..]: &[u8; 6]| u32::from_be_bytes([0, *a, *b, *c]);
    let Ok(at) = pairs.binary_search_by_key(&wanted, key) else {
        return it;
    };
    let pair = pairs.get(at).map_or(&[][..], |pair| pair.split_at(3).1);
    std::str::from_utf8(pair).ok().and_then(|it| it.chars().next()).unwrap_or(it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairs_are_in_order_and_lead_to_simplified_forms() {
        let chars: Vec<char> = PAIRS.chars().collect();
        assert!(chars.iter().all(|it| it.len_utf8() == 3));
        let keys: Vec<char> = chars.chunks(2).map(|it| it[0]).collect();
        assert!(keys.is_sorted() && keys.windows(2).all(|it| it[0] != it[1]));
        for pair in chars.chunks(2) {
            assert_eq!(simple(pair[0]), pair[1]);
            assert_eq!(simple(pair[1]), pair[1], "{pair:?}");
        }
        for it in "aé，漏火😀".chars() {
            assert_eq!(simple(it), it);
        }
    }
}
